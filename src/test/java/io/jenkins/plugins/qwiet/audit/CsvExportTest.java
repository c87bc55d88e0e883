package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.DisplayTextTest;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvExportTest {
    static final List<String> HOSTILE = DisplayTextTest.HOSTILE;

    private static String csv(String label) throws IOException {
        return csv(label, "text", NOW);
    }

    private static String csv(String label, String description, Instant end) throws IOException {
        var out = new StringBuilder();
        new CsvExport(out)
                .write(new TokenRow(
                        "id-1",
                        label,
                        description,
                        "access",
                        end,
                        true,
                        MadeBy.FINISHED_BUILD,
                        "https://ci.example/1/"));
        return out.toString();
    }

    @Test
    void hasNoMarkOfJenkinsAndNoFractionsOfSeconds() throws IOException {
        String description =
                TokenDescription.describe("of the shop", "https://ci.example/1/", "0123456789abcdef0123456789abcdef");

        assertThat(csv("a", description, NOW.plusNanos(123_456_789)))
                .contains("\"2026-08-01T12:00:00Z\"")
                .endsWith(",\"of the shop\"\r\n");
    }

    /** However long the address of the build is; and without one, where Jenkins does not know its own. */
    @ParameterizedTest
    @CsvSource({
        "Scan for Ada, https://ci.example/job/shop/1/",
        "'Nightly scan of the shop for the security team, ask Ada', https://ci.example/job/shop/1/",
        "'Nightly scan of the shop for the security team, ask Ada', "
                + "https://ci.example/job/team-shop/job/checkout/job/feature%252Fnew-basket-with-vouchers/123/",
        "Scan for Ada, ''"
    })
    void hasWhatPeopleWrote(String written, String url) throws IOException {
        String sent = TokenDescription.describe(written, url, Tokens.NONCE);
        var token = Tokens.token(1, "label", sent, NOW.plusSeconds(600));
        var audit = Tokens.finish(Tokens.audit(Rules.NONE), List.of(token));
        var out = new StringBuilder();

        new CsvExport(out).write(audit.rows().get(0));

        assertThat(out.toString()).endsWith(",\"" + written + "\"\r\n");
    }

    @Test
    void writesAHeaderAndARow() throws IOException {
        assertThat(csv("a, \"b\""))
                .isEqualTo("\ufeffid,label,type,state,expires,made_by,build,description\r\n"
                        + "\"id-1\",\"a, \"\"b\"\"\",\"access\",\"live\",\"2026-08-01T12:00:00Z\","
                        + "\"finished_build\",\"https://ci.example/1/\",\"text\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+1",
                "-1",
                "@SUM(A1)",
                "\t=1",
                "\r=1",
                "\nx",
                " =1",
                "\u00a0=1",
                "\u3000=1",
                "\uff1d1",
                "\tx"
            })
    void leavesNoFormula(String label) {
        assertThat(CsvExport.inert(label)).startsWith("'");
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void keepsHostileLabelsInTheirCell(String label) throws IOException {
        String csv = csv(label);

        assertThat(csv.split("\r\n")).hasSize(2);
        assertThat(csv.replace("\r\n", "")).doesNotContainPattern("[\\p{Cc}\u202e\u2028\u2029\u200b]");
    }

    @Property
    void neverBeginsACellLikeAFormula(@ForAll String label) {
        assertThat(CsvExport.inert(label)).doesNotContainPattern("\\A[\\s\u00a0\u3000]*[=+@-]");
        assertThat(CsvExport.inert("=" + label)).startsWith("'=");
    }
}
