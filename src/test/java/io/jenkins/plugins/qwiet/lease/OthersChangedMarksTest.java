package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token of another Jenkins whose text names a nonce of ours, and whose own mark was cut or written otherwise on the way. */
@ExtendWith(QuietLeases.class)
class OthersChangedMarksTest {
    private static final String THEIRS = "6f0efb6892f94d68ff92c0cb2e05bfbd";
    private static final String BUILD = "https://other.example/job/shop/7/";

    private final FakeClock clock = new FakeClock(Leases.TEN.minus(Looks.APART));
    private final ScriptedQwiet qwiet = new ScriptedQwiet(clock);

    @TempDir
    Path directory;

    private LeaseStore store;
    private Janitor janitor;

    @BeforeEach
    void open() throws Exception {
        store = Leases.store(directory.resolve("leases"), clock, FaultyDisk.sound());
        var leasing = new Leasing(store, clock, Leases.nonces());
        Optional<QwietClient> client = Optional.of(qwiet.client());
        janitor = new Janitor(leasing, lease -> client, lease -> false, clock, 4);
        clock.advance(Looks.APART);
    }

    private static String html(String text) {
        return text.replace("[", "&#91;").replace(":", "&#58;").replace("]", "&#93;");
    }

    private static String json(String text) {
        return text.replace("[", "\\u005b").replace(":", "\\u003a");
    }

    private static String cut(String text, String mark) {
        return text.substring(0, text.indexOf(mark) + 20);
    }

    private static String listed(String how, String nonce) {
        String sent = TokenDescription.describe("rerun " + nonce, BUILD, THEIRS);
        String quoted = TokenDescription.describe("again, for the release: [jenkins:" + nonce + " -]", BUILD, THEIRS);
        return switch (how) {
            case "whole" -> sent;
            case "cut" -> cut(sent, THEIRS);
            case "cut ..." -> cut(sent, THEIRS) + "...";
            case "cut [truncated]" -> cut(sent, THEIRS) + " [truncated]";
            case "cut by a word" -> cut(sent, THEIRS) + "truncated";
            case "cut by a sentence" -> cut(sent, THEIRS) + "... (shortened by the gateway)";
            case "HTML, whole" -> html(sent);
            case "HTML, cut" -> cut(html(sent), THEIRS);
            case "JSON, cut" -> cut(json(sent), THEIRS);
            case "parentheses, cut" -> cut(sent.replace('[', '('), THEIRS);
            case "HTML, without blanks" -> html(quoted).replace(" ", "");
            case "without blanks" -> quoted.replace(" ", "");
            default -> throw new IllegalArgumentException(how);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whole",
                "cut",
                "cut ...",
                "cut [truncated]",
                "cut by a word",
                "cut by a sentence",
                "HTML, whole",
                "HTML, cut",
                "JSON, cut",
                "parentheses, cut",
                "HTML, without blanks",
                "without blanks"
            })
    void isNotTaken(String how) throws Exception {
        Lease mine = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(mine);
        Token theirs = qwiet.add(listed(how, mine.nonce()));

        for (int i = 0; i < 40; i++) {
            janitor.sweep().join();
            clock.advance(Duration.ofMinutes(2));
        }

        assertThat(qwiet.tokens())
                .as(theirs.description())
                .extracting(Token::id)
                .contains(theirs.id());
    }
}
