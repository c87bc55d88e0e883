package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowQueryTest {
    private static final Instant LATER = NOW.plusSeconds(60);
    private final List<TokenRow> rows = List.of(
            new TokenRow("3", "beta", "", "access", null, true, MadeBy.NOT_JENKINS, null),
            new TokenRow("1", "Alpha", "", "access", LATER, true, MadeBy.FINISHED_BUILD, "https://ci/job/a/1/"),
            new TokenRow("2", "gamma", "about ALPHA", "access", NOW, false, MadeBy.THIS_BUILD, "https://ci/job/b/1/"));

    private List<String> ids(String text, String view, String sort, String order) {
        return RowQuery.parse(text, view, sort, order, null, null).of(rows).rows().stream()
                .map(TokenRow::id)
                .toList();
    }

    @Test
    void givesEverythingByLabelUnlessToldOtherwise() {
        assertThat(ids(null, null, null, null)).containsExactly("1", "3", "2");
        assertThat(ids(" ", "nonsense", "<script>", "up")).containsExactly("1", "3", "2");
    }

    @Test
    void searchesLabelDescriptionIdAndBuildInAnyCase() {
        assertThat(ids("alpha", null, null, null)).containsExactly("1", "2");
        assertThat(ids("JOB/B", null, null, null)).containsExactly("2");
        assertThat(ids("3", null, null, null)).containsExactly("3");
        assertThat(ids("nothing", null, null, null)).isEmpty();
    }

    @Test
    void sortsByEveryColumnBothWays() {
        assertThat(ids(null, null, "expires", null)).containsExactly("2", "1", "3");
        assertThat(ids(null, null, "expires", "desc")).containsExactly("3", "1", "2");
        assertThat(ids(null, null, "id", "desc")).containsExactly("3", "2", "1");
        assertThat(ids(null, null, "made_by", null)).containsExactly("2", "1", "3");
        assertThat(ids(null, null, "type", "desc")).containsExactly("1", "2", "3");
    }

    @Test
    void countsAsPeopleDo() {
        List<TokenRow> builds = List.of(row("1", "burst 10", 10), row("2", "Burst 2", 9), row("3", "burst 1", 2));
        for (String column : List.of("label", "made_by")) {
            assertThat(RowQuery.parse(null, null, column, "asc", null, null).matching(builds))
                    .extracting(TokenRow::id)
                    .containsExactly("3", "2", "1");
        }
    }

    private static TokenRow row(String id, String label, int build) {
        return new TokenRow(
                id, label, "", "access", null, true, MadeBy.FINISHED_BUILD, "https://ci/job/a/" + build + "/");
    }

    @Test
    void showsKinds() {
        assertThat(ids(null, "live", null, null)).containsExactly("1", "3");
        assertThat(ids(null, "expired", null, null)).containsExactly("2");
        assertThat(ids(null, "never_expires", null, null)).containsExactly("3");
        assertThat(ids(null, "made_by_jenkins", null, null))
                .as("the active ones, as in the number of them")
                .containsExactly("1");
        assertThat(ids(null, "this_build", null, null)).containsExactly("2");
        assertThat(ids(null, "left_behind", null, null)).containsExactly("1");
    }

    @Test
    void pages() {
        List<TokenRow> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(new TokenRow(Tokens.id(i), "label", "", "access", null, true, MadeBy.NOT_JENKINS, null));
        }

        RowQuery.Page page =
                RowQuery.parse(null, null, "id", null, "9990", "50").of(many);

        assertThat(page.kept()).isEqualTo(10_000);
        assertThat(page.matching()).isEqualTo(10_000);
        assertThat(page.rows()).hasSize(10).last().isEqualTo(many.get(9_999));
        assertThat(RowQuery.parse(null, null, null, null, "99999999", "50").of(many))
                .isEqualTo(new RowQuery.Page(10_000, 10_000, 10_000, List.of()));
        assertThat(RowQuery.parse(null, null, null, null, "-5", "2147483647")
                        .of(many)
                        .rows())
                .hasSize(RowQuery.MAX_LIMIT);
        assertThat(RowQuery.parse(null, null, null, null, "x", "y").limit()).isEqualTo(RowQuery.DEFAULT_LIMIT);
    }
}
