package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Only the first page names a total, and no page shows the lost token that it counts. While the second reading goes on,
 * somebody else's token is made: then that reading has as many as its first page named. The first reading had fewer, and no
 * token was deleted.
 */
class MaskedCutTest extends PagedQwiet {
    private int made = 100;
    private int lists;

    private void cutWithTotalOnFirstPage(boolean everyReading) {
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            }
            int page = page(request);
            List<ObjectNode> shown = new ArrayList<>();
            others.forEach(id -> shown.add(other(id)));
            shown.forEach(token -> token.put("expires_at", "2027-01-01T00:00:00Z"));
            var answer = world.json.createObjectNode().put("ok", true);
            shown.stream().skip((long) page * PAGE).limit(PAGE).forEach(answer.putArray("response")::add);
            if ((page + 1) * PAGE < shown.size()) {
                answer.put("next", "?page=" + (page + 2));
            }
            if (page == 0) {
                answer.put("total", shown.size() + world.tokens.size());
            }
            RawServer.send(out, "200 OK", answer.toString());
            if (page == 0 && (lists++ % 2 == 1 || everyReading)) {
                others.add("o-" + ++made);
            }
            return true;
        };
    }

    @Test
    void aTotalThatTheFirstReadingLackedIsNoWholeListThoughOneIsMadeDuringTheSecond() throws Exception {
        cutWithTotalOnFirstPage(false);
        theLeaseStays();
    }

    /** The control: where nobody makes a token meanwhile, the cut is seen. */
    @Test
    void control() throws Exception {
        cutWithTotalOnFirstPage(false);
        lists = Integer.MIN_VALUE; // even numbers negative odd are -1
        loseResponse();
        world.sweep(60);
        assertThat(world.store.leases()).isNotEmpty();
    }

    /** Then the first one has as many as its own first page named, too. */
    @Test
    void aCutIsSeenThoughOneIsMadeInEachReading() throws Exception {
        cutWithTotalOnFirstPage(true);
        theLeaseStays();
    }

    private void theLeaseStays() throws Exception {
        loseResponse();
        world.sweep(60);
        assertThat(world.tokens).containsKey("token-1");
        assertThat(world.store.leases())
                .as("leases, while %s lives, which each first page counted", world.tokens.keySet())
                .isNotEmpty();
    }
}
