package io.jenkins.plugins.qwiet.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.lint.ProjectFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A bug that cannot be planted any more is one that nobody would miss. */
class BugTest {
    static final List<Bug> BUGS = Bug.ALL;

    @ParameterizedTest
    @FieldSource("BUGS")
    void itsTextsStandInTheCodeExactlyOnce(Bug bug) throws IOException {
        bug.planted()
                .forEach((file, source) -> assertThat(source)
                        .as(file)
                        .isNotEqualTo(ProjectFiles.read(ProjectFiles.MAIN_JAVA.resolve(Bug.PACKAGE + file))));
    }
}
