package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Token;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token of another Jenkins whose text names a nonce of ours, and whose own mark was cut or written otherwise on the way. */
class OthersChangedMarksTest extends BesideOthers {

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
        String sent = TokenDescription.describe("rerun " + nonce, THEIR_BUILD, THEIRS);
        String quoted =
                TokenDescription.describe("again, for the release: [jenkins:" + nonce + " -]", THEIR_BUILD, THEIRS);
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

        sweepOnAndOn();

        assertThat(qwiet.tokens())
                .as(theirs.description())
                .extracting(Token::id)
                .contains(theirs.id());
    }
}
