package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a system says of its disk is in the language of its user, and decides nothing. */
class DiskInEachLanguageTest extends HomeOfLeases {
    /** Syncs a directory. */
    public static final class Sync {
        /** Of /proc, which syncs none (EINVAL). */
        public static void main(String[] arguments) throws IOException {
            new LocalDisk().sync(Path.of("/proc/self"));
        }
    }

    /** What Linux says is in the language of LC_MESSAGES: so glibc in German, French, Japanese. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Read-only file system",
                "Das Dateisystem ist nur lesbar",
                "Système de fichiers accessible en lecture seulement",
                "読み込み専用ファイルシステムです"
            })
    void aDiskThatIsReadOnlyIsOneInEachLanguage(String reason) throws Exception {
        LeaseStore before = Leases.store(directory, clock, new LocalDisk());
        before.put(Leases.live(1, "shop#1")).join();
        before.close().join();
        var readOnly = new LocalDisk() {
            @Override
            FileChannel openLock(Path file) throws IOException {
                throw new FileSystemException(file.toString(), null, reason);
            }
        };
        LeaseStore store = Leases.store(directory, clock, readOnly);
        assertThat(store.leases()).hasSize(1);
        store.close().join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "de_DE.UTF-8"})
    void aDirectoryThatCannotBeSyncedIsNoReasonNotToMint(String locale) throws Exception {
        new ProcessBuilder(
                        "localedef",
                        "-i",
                        "de_DE",
                        "-f",
                        "UTF-8",
                        place.resolve("de_DE.UTF-8").toString())
                .inheritIO()
                .start()
                .waitFor();
        Assumptions.assumeTrue(Files.exists(place.resolve("de_DE.UTF-8"))
                && Files.exists(Path.of("/usr/share/locale/de/LC_MESSAGES/libc.mo")));
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sync.class.getName())
                .inheritIO();
        builder.environment().put("LOCPATH", place.toString());
        builder.environment().put("LC_ALL", locale);
        Process java = builder.start();
        assertThat(java.waitFor()).isZero();
    }
}
