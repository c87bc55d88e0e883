package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * As {@link TokensThatMoveTest}, where each page names a total, or a number of pages: when it was read, and others' builds
 * end after it, there are fewer than it announced.
 */
class TotalsThatChangeTest extends PagedQwiet {
    private String names;
    /** Tokens that are there and on no page. */
    private int hidden;

    private int made = 100;
    /** Readings, where the first page alone names a total: of two of them, none ends during the second. */
    private int lists;

    @BeforeEach
    void buildsOfOthersEndWhileItIsRead() {
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            }
            int page = page(request);
            while (page == 0 && others.size() < 4) {
                others.add("o-" + ++made);
            }
            List<ObjectNode> all = all();
            all.forEach(token -> token.put("expires_at", "2027-01-01T00:00:00Z"));
            var answer = world.json.createObjectNode().put("ok", true);
            all.stream().skip((long) page * PAGE).limit(PAGE).forEach(answer.putArray("response")::add);
            if ((page + 1) * PAGE < all.size()) {
                answer.put("next", "?page=" + (page + 2));
            }
            int total = all.size() + hidden;
            switch (names.equals("first") && page > 0 ? "nothing" : names) {
                case "total", "first" -> answer.put("total", total);
                case "count" -> answer.put("count", total);
                case "pages" -> answer.put("total_pages", (total + PAGE - 1) / PAGE);
                default -> {}
            }
            RawServer.send(out, "200 OK", answer.toString());
            if (page == 0 && !(names.equals("first") && lists++ % 2 == 1)) {
                others.subList(0, names.equals("pages") ? 2 : 1).clear();
            }
            return true;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "total", "first", "count", "pages"})
    void aLeaseOfNoTokenEnds(String what) throws Exception {
        names = what;
        loseRequest();
        world.sweep(60);
        assertThat(world.store.leases()).as("while it may still be there").isNotEmpty();
        world.sweep(2 * 24 * 60);
        assertThat(world.store.leases())
                .extracting(lease -> lease.buildId() + ": " + lease.lastError())
                .isEmpty();
    }

    /** After one answer of a gateway's time-out. */
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "total", "first", "count", "pages"})
    void aBuildGetsItsTokenAtTheSecondCreation(String what) throws Exception {
        names = what;
        loseFirstCreation();
        assertThat(world.mint("shop#1")).isInstanceOf(MintResult.Minted.class);
        assertThat(world.store.leases()).hasSize(2);
    }

    /** What is never shown is cut, whatever else moves. */
    @ParameterizedTest
    @CsvSource({"total, 1", "count, 1", "pages, 4", "total, 1000"})
    void aListThatIsCutProvesNothing(String what, int cut) throws Exception {
        names = what;
        hidden = cut;
        loseFirstCreation();
        assertThat(world.mint("shop#1")).isInstanceOf(MintResult.Undecided.class);
        world.buildRuns = false;
        world.sweep(2 * 24 * 60);
        assertThat(world.store.leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.lastError()).contains("may not be complete"));
    }

    private void loseFirstCreation() {
        var before = world.box;
        int[] creations = {0};
        world.box = (request, out) -> {
            if (request.method().equals("POST") && creations[0]++ == 0) {
                RawServer.send(out, "504 T", "late");
                return true;
            }
            return before.meddle(request, out);
        };
    }
}
