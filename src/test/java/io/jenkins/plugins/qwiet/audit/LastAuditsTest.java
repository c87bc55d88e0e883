package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.LastAudits.LastAudit;
import io.jenkins.plugins.qwiet.lease.Account;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastAuditsTest {
    private static final Instant LATER = Tokens.NOW.plus(Duration.ofDays(1));
    private static final Account ACCOUNT = new Account("sa", "team", "alice");

    @TempDir
    Path home;

    private LastAudits audits;

    @BeforeEach
    void names() {
        audits = new LastAudits(home.resolve("folder").resolve(LastAudits.FILE_NAME));
    }

    private static LastAudit audit(String orgId, int build, Instant at) {
        return new LastAudit(
                at,
                "https://qwiet.example/api/v4",
                orgId,
                "app#" + build,
                new Counts(9, 7, 1, 2, 0, 5, build),
                true,
                ACCOUNT);
    }

    @Test
    void keepsTheLastOneOfEachOrganization() throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));
        audits.keep(audit("two", 2, Tokens.NOW.plusSeconds(1)));
        LastAudit later = audit("one", 3, Tokens.NOW.plusSeconds(2));
        audits.keep(later);

        assertThat(audits.all(LATER)).extracting(LastAudit::buildId).containsExactly("app#3", "app#2");
        assertThat(audits.all(LATER)).contains(later);
        try (var files = Files.list(audits.file().getParent())) {
            assertThat(files).containsExactly(audits.file());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"at\":\"yesterday\"", "\"counts\":7", "\"partial\":\"perhaps\"", "\"account\":\"sa\""})
    void oneThatCannotBeReadTakesNoOtherWithIt(String wrong) throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));
        audits.keep(audit("two", 2, Tokens.NOW));
        String text = Files.readString(audits.file());
        Files.writeString(audits.file(), text.replaceFirst("\\[\\{", "[{" + wrong + "},{"));

        assertThat(audits.all(Tokens.NOW)).hasSize(2);
        audits.keep(audit("three", 3, Tokens.NOW));
        assertThat(audits.all(Tokens.NOW)).hasSize(3);
    }

    @Test
    void aHugeFileIsNotReadAndWrittenAnew() throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));
        try (var file = new RandomAccessFile(audits.file().toFile(), "rw")) {
            file.setLength(3L << 30);
        }
        var said = new ArrayList<String>();
        var listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                said.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(LastAudits.class.getName());
        logger.addHandler(listener);
        try {
            assertThat(audits.all(Tokens.NOW)).isEmpty();
        } finally {
            logger.removeHandler(listener);
        }

        assertThat(said)
                .containsExactly(
                        "Not read, and written anew with the next audit: " + audits.file() + " has 3221225472 bytes");
        audits.keep(audit("two", 2, Tokens.NOW));
        assertThat(audits.all(Tokens.NOW)).extracting(LastAudit::buildId).containsExactly("app#2");
    }

    @Test
    void aClockThatWasWrongOnceIsForgottenWithTheNextAudit() throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW.plus(Duration.ofDays(365))));
        audits.keep(audit("one", 2, Tokens.NOW));

        assertThat(audits.all(Tokens.NOW)).extracting(LastAudit::buildId).containsExactly("app#2");
    }

    /** A virtual machine was suspended, or the machine's own clock has another year. */
    @ParameterizedTest
    @ValueSource(ints = {-9999, -90, 90, 365})
    void aClockThatWasWrongOnceTakesNoOtherAway(int days) throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));
        audits.keep(audit("two", 2, Tokens.NOW));
        audits.keep(audit("three", 3, Tokens.NOW.plus(Duration.ofDays(days))));

        assertThat(audits.all(LATER)).extracting(LastAudit::orgId).containsExactly("two", "one");
    }

    /** The time service of the machine does so, a little, on any day. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1000, 60_000, 3_600_000})
    void oneOfAMomentAgoIsShownThoughTheClockWasPutBack(long millis) throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));

        assertThat(audits.all(Tokens.NOW.minusMillis(millis))).hasSize(1);
    }

    @Test
    void theNewestIsTheFirstWheneverItWasKept() throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));
        audits.keep(audit("two", 2, Tokens.NOW.minus(Duration.ofDays(30))));

        assertThat(audits.all(LATER)).extracting(LastAudit::orgId).containsExactly("one", "two");
    }

    @Test
    void oneOfTheFutureIsNotShown() throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW.plus(Duration.ofDays(365))));

        assertThat(audits.all(Tokens.NOW)).isEmpty();
        assertThat(audits.all(Tokens.NOW.plus(Duration.ofDays(92)))).isEmpty();
        assertThat(audits.all(Tokens.NOW.plus(Duration.ofDays(365)))).hasSize(1);
    }

    @Test
    void doesNotShowWhatNobodyAuditsAnyMore() throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));
        assertThat(audits.all(Tokens.NOW.plus(Duration.ofDays(89)))).hasSize(1);
        assertThat(audits.all(Tokens.NOW.plus(Duration.ofDays(91)))).isEmpty();
    }

    @Test
    void whatCannotBeReadIsNotWrittenWithoutTheOthers() throws Exception {
        audits.keep(audit("one", 1, Tokens.NOW));
        Path kept = Files.move(audits.file(), audits.file().resolveSibling("kept"));
        try {
            Files.createSymbolicLink(audits.file(), audits.file().getFileName());
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here");
        }

        assertThat(audits.all(Tokens.NOW)).isEmpty();
        assertThatThrownBy(() -> audits.keep(audit("two", 2, Tokens.NOW))).isInstanceOf(IOException.class);

        Files.move(kept, audits.file(), StandardCopyOption.REPLACE_EXISTING);
        audits.keep(audit("two", 2, Tokens.NOW));
        assertThat(audits.all(Tokens.NOW)).extracting(LastAudit::orgId).containsExactly("two", "one");
    }

    @Test
    void staysSmall() throws Exception {
        for (int i = 0; i < LastAudits.MOST + 5; i++) {
            audits.keep(audit("org-" + i, i, Tokens.NOW.plusSeconds(i)));
        }
        assertThat(audits.all(LATER))
                .hasSize(LastAudits.MOST)
                .noneMatch(each -> each.orgId().equals("org-4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "\0\0\0\0\0\0\0\0",
                "null",
                "[]",
                "{\"version\":1}",
                "{\"version\":2,\"audits\":[]}",
                "{\"version\":1,\"audits\":[null,{},{\"at\":\"2026-08-01T12:00:00Z\",\"orgId\":\"x\"}]}"
            })
    void takesADamagedFileForNone(String text) throws Exception {
        Files.createDirectories(audits.file().getParent());
        Files.writeString(audits.file(), text);
        assertThat(audits.all(Tokens.NOW)).isEmpty();
        audits.keep(audit("one", 1, Tokens.NOW));
        assertThat(audits.all(Tokens.NOW)).hasSize(1);
    }

    @Test
    void manyWhoWriteAtOnceLoseNothing() {
        IntStream.range(0, 80).parallel().forEach(i -> {
            try {
                audits.keep(audit("org-" + i, i, Tokens.NOW));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(audits.all(Tokens.NOW)).hasSize(80);
    }
}
