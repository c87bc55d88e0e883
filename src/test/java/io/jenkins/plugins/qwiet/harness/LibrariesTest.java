package io.jenkins.plugins.qwiet.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.cfg.PackageVersion;
import io.jenkins.plugins.qwiet.lint.ProjectFiles;
import java.nio.file.Path;
import java.util.regex.Pattern;
import okhttp3.OkHttp;
import org.junit.jupiter.api.Test;

/** {@code ./verify} runs the tests of the Jenkins-free rooms once, without Jenkins: so on the libraries that Jenkins brings. */
class LibrariesTest {
    private static final String ROOMS = ProjectFiles.read(Path.of("rooms.pom.xml"));

    @Test
    void roomsAreTestedWithTheJacksonOfItsPlugin() {
        assertThat(ofRooms("jackson.version")).isEqualTo(PackageVersion.VERSION.toString());
    }

    @Test
    void roomsAreTestedWithTheOkHttpOfItsPlugin() {
        assertThat(ofRooms("okhttp.version")).isEqualTo(OkHttp.VERSION);
    }

    private static String ofRooms(String property) {
        var found = Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)<").matcher(ROOMS);
        assertThat(found.find()).as(property).isTrue();
        return found.group(1);
    }
}
