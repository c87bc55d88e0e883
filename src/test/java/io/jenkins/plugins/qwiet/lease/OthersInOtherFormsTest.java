package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Token;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another Jenkins of the organization; the text of one of its tokens quotes a mark of ours, and one thing on the way changes the
 * whole description: the forms are those of ChangedDescriptionsTest and ForeignMarksTest, and their neighbours. Nothing is cut.
 */
class OthersInOtherFormsTest extends BesideOthers {
    private static final Pattern SIGNED = Pattern.compile("0000[0-9a-f]{16,28}");

    static String changed(String text, String form) {
        return switch (form) {
            case "as sent" -> text;
            case "HTML" -> text.replace("[", "&#91;").replace(":", "&#58;").replace("]", "&#93;");
            case "NO BRACKET" -> text.substring(1).replace(":", " ");
            case "FIRST CHARACTER" -> text.substring(1);
            case "NO MARKER" -> text.substring(text.indexOf(':') + 1);
            case "first letter in upper case" -> text.replaceFirst("jenkins", "Jenkins");
            case "HTML twice" ->
                text.replace("[", "&amp;#91;").replace(":", "&amp;#58;").replace("]", "&amp;#93;");
            case "HTML, long numbers" ->
                text.replace("[", "&#091;").replace(":", "&#058;").replace("]", "&#093;");
            case "letters and digits alone" -> text.replaceAll("[^A-Za-z0-9]", "");
            case "letters, digits and blanks alone" -> text.replaceAll("[^A-Za-z0-9 ]", "");
            case "marks of punctuation as blanks" -> text.replaceAll("[^A-Za-z0-9 ]", " ");
            case "marks of punctuation as _" -> text.replaceAll("[^A-Za-z0-9 ]", "_");
            case "blanks around" -> text.replace("[", "[ ").replace(":", " : ");
            default -> throw new IllegalArgumentException(form);
        };
    }

    private static String quoting(String nonce) {
        return TokenDescription.describe("again, for the release: [jenkins:" + nonce + " -]", THEIR_BUILD, THEIRS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "as sent",
                "HTML",
                "NO BRACKET",
                "FIRST CHARACTER",
                "first letter in upper case",
                "HTML twice",
                "HTML, long numbers",
                "letters and digits alone",
                "letters, digits and blanks alone",
                "marks of punctuation as blanks",
                "marks of punctuation as _",
                "blanks around"
            })
    void anothersTokenIsNotTaken(String form) throws Exception {
        Lease mine = Leases.liveIn(qwiet, 1, "shop#1", clock);
        isNotTaken(mine, form);
    }

    /** The same for a lost answer of ours. */
    @ParameterizedTest
    @ValueSource(
            strings = {"as sent", "FIRST CHARACTER", "first letter in upper case", "letters, digits and blanks alone"})
    void anothersTokenIsNotTakenForALostAnswer(String form) throws Exception {
        Lease mine = Leases.intentOf(Leases.liveIn(qwiet, 1, "shop#1", clock));
        isNotTaken(mine, form);
    }

    private void isNotTaken(Lease mine, String form) throws Exception {
        store.put(mine);
        Token theirs = qwiet.add(changed(quoting(mine.nonce()), form));
        sweepOnAndOn();
        assertThat(qwiet.tokens())
                .as(theirs.description())
                .extracting(Token::id)
                .contains(theirs.id());
    }

    /** The look for orphaned tokens, which an administrator may revoke. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "as sent",
                "HTML",
                "NO BRACKET",
                "FIRST CHARACTER",
                "first letter in upper case",
                "HTML twice",
                "HTML, long numbers",
                "letters and digits alone",
                "letters, digits and blanks alone",
                "blanks around"
            })
    void anothersTokenIsNoOrphan(String form) {
        Token theirs = qwiet.add(changed(quoting(Leases.nonce(1)), form));
        var search = new LostTokens(store, qwiet.organization(), OthersInOtherFormsTest::signed, id -> true);
        search.accept(theirs);
        LostTokens.Found found = search.finish(new Listed(1, true), token -> LostTokens.Maker.NOT_KNOWN);
        assertThat(found.tokens().keySet()).as(theirs.description()).isEmpty();
        assertThat(found.more()).isZero();
    }

    /** Controls: our own in these forms is found. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "as sent",
                "HTML",
                "NO BRACKET",
                "FIRST CHARACTER",
                "NO MARKER",
                "first letter in upper case",
                "HTML twice",
                "HTML, long numbers",
                "letters and digits alone",
                "letters, digits and blanks alone",
                "marks of punctuation as blanks",
                "marks of punctuation as _",
                "blanks around"
            })
    void ourLostTokenIsRevoked(String form) {
        ours(changed(TokenDescription.describe("", "https://jenkins.example/job/shop/1/", Leases.nonce(1)), form));
    }

    /** Ours, whose text quotes a mark of another Jenkins. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "as sent",
                "HTML",
                "NO BRACKET",
                "FIRST CHARACTER",
                "first letter in upper case",
                "HTML twice",
                "HTML, long numbers",
                "letters, digits and blanks alone"
            })
    void ourLostTokenThatQuotesAnothersIsRevoked(String form) {
        ours(changed(
                TokenDescription.describe(
                        "again, for the release: [jenkins:" + THEIRS + " -]",
                        "https://jenkins.example/job/shop/1/",
                        Leases.nonce(1)),
                form));
    }

    private void ours(String description) {
        Lease mine = Leases.intentOf(Leases.liveIn(qwiet, 1, "shop#1", clock));
        qwiet.expire("token-1");
        store.put(mine);
        Token lost = qwiet.add(description);
        sweepOnAndOn();
        assertThat(qwiet.tokens()).as(lost.description()).isEmpty();
    }

    private static String signed(String text) {
        var signed = SIGNED.matcher(text);
        return signed.lookingAt() ? signed.group() : "";
    }
}
