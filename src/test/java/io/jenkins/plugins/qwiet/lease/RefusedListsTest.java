package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As ListsOfManyJobsTest, where the list is refused: one bearer, one answer. */
class RefusedListsTest extends PagedQwiet {
    private static final int JOBS = 16;

    private final AtomicInteger lists = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"403", "401"})
    void aListThatOneAccountDoesNotGetIsAskedForOnceByTheSame(String how) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "late");
                return true;
            } else if (!isList(request)) {
                return false;
            }
            if (page(request) == 0) {
                lists.incrementAndGet();
            }
            RawServer.send(out, how + " F", "{\"ok\":false,\"code\":\"FORBIDDEN\",\"message\":\"x\"}");
            return true;
        };
        world.buildRuns = false;
        for (int i = 0; i < JOBS; i++) {
            world.mint("job-" + i + "#1");
        }
        lists.set(0);
        world.sweep(60);
        assertThat(lists.get()).isLessThan(40);
    }
}
