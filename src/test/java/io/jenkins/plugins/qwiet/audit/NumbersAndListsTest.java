package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.BUILD;
import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NONCE;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.ORG;
import static io.jenkins.plugins.qwiet.audit.Tokens.ci;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.forever;
import static io.jenkins.plugins.qwiet.audit.Tokens.integration;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.Token;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** "Numbers are links to the filtered list": the list has as many rows as the number says. */
class NumbersAndListsTest {
    private static final List<Token> LIST =
            List.of(ci(1, Duration.ofHours(1)), forever(2), integration(3), integration(4));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void activeCiTokens(boolean integrations) {
        var result = audit(integrations);
        assertThat(rows(result, RowQuery.View.LIVE))
                .isEqualTo(result.report().counts().liveCi());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neverExpire(boolean integrations) {
        var result = audit(integrations);
        assertThat(rows(result, RowQuery.View.NEVER_EXPIRES))
                .isEqualTo(result.report().counts().neverExpire());
    }

    private static Audit.Result audit(boolean integrations) {
        var subject =
                new Audit.Subject(ORG, new ListQuery(false, integrations), "app #12", BUILD, List.of(), Set.of(NONCE));
        return finish(new Audit(subject, Rules.NONE, null, CLOCK), integrations ? LIST : LIST.subList(0, 2));
    }

    private static long rows(Audit.Result result, RowQuery.View view) {
        return RowQuery.parse(null, view.name(), null, null, null, null)
                .of(result.rows())
                .matching();
    }

    /** A label of a branch that a Mac made; a keyboard writes one character. */
    @ParameterizedTest
    @CsvSource({"NFC,büro", "NFD,büro", "NFC,ガス", "NFD,ガス"})
    void whatLooksTheSameIsFound(Normalizer.Form form, String text) {
        var row =
                new TokenRow("1", Normalizer.normalize(text, form), "", "access", NOW, true, MadeBy.NOT_JENKINS, null);
        assertThat(RowQuery.parse(Normalizer.normalize(text, Normalizer.Form.NFC), null, null, null, null, null)
                        .matching(List.of(row)))
                .hasSize(1);
    }

    /** "What never expires comes last", and an end that nobody can read is none of these. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatNeverExpiresComesLast(boolean unknown) {
        var rows = List.of(
                new TokenRow("1", "a", "", "access", null, true, MadeBy.NOT_JENKINS, null, false),
                new TokenRow("2", "b", "", "access", unknown ? null : NOW, true, MadeBy.NOT_JENKINS, null, unknown));
        assertThat(RowQuery.parse(null, null, "expires", null, null, null).matching(rows))
                .extracting(TokenRow::id)
                .containsExactly("2", "1");
    }

    /** The page shows the text alone, and the build in a column of its own: what is found can be seen. */
    @ParameterizedTest
    @ValueSource(strings = {"shop", "job/app", "jenkins:", "5f2b7c1e"})
    void whatIsFoundCanBeSeen(String needle) {
        var token = Tokens.token(
                1,
                "build",
                io.jenkins.plugins.qwiet.lease.TokenDescription.describe("Scans the shop", BUILD, NONCE),
                NOW.plusSeconds(60));
        var row = TokenRow.of(token, true, MadeBy.THIS_BUILD, BUILD);
        String seen = String.join("\n", row.label(), row.userText(), row.id(), row.build());
        assertThat(RowQuery.parse(needle, null, null, null, null, null)
                                .matching(List.of(row))
                                .size()
                        == 1)
                .isEqualTo(seen.contains(needle));
    }
}
