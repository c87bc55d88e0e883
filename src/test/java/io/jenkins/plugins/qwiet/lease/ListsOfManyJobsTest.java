package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a list costs Qwiet where many jobs have a lease to look for, and it never is the whole. */
class ListsOfManyJobsTest extends PagedQwiet {
    private static final int JOBS = 16;

    private final AtomicInteger lists = new AtomicInteger();

    /** Tokens move with each call, a field is not explained, or the list says that it is a part. */
    @ParameterizedTest
    @CsvSource({"move", "'\"x_y\": 1'", "'\"truncated\": true'"})
    void aListThatIsNotTheWholeForOneAccountIsAskedForOnceByTheSame(String why) throws Exception {
        lists(why);
        world.sweep(60);
        // About a dozen tries, each with two readings.
        assertThat(lists.get()).isLessThan(40);
    }

    /** While others, whose answer may be another, are asked as well: each of them may get the whole. */
    @ParameterizedTest
    @CsvSource({"move", "'\"truncated\": true'"})
    void isAskedForByAllWhoMayGetAnother(String why) throws Exception {
        world.credentials = lease -> {
            QwietClient own = new PassingClient(world.client());
            return Optional.of(own);
        };
        lists(why);
        world.sweep(60);
        assertThat(lists.get()).isGreaterThan(3 * JOBS);
    }

    private void lists(String why) {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "late");
            } else if (!isList(request)) {
                return false;
            } else if (why.equals("move")) {
                sendPage(out, all(), page(request));
                if (page(request) == 0) {
                    othersGoOn();
                }
            } else {
                var list = world.json.createArrayNode().addAll(all());
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":" + list + "," + why + "}");
            }
            if (isList(request) && page(request) == 0) {
                lists.incrementAndGet();
            }
            return true;
        };
        world.buildRuns = false;
        for (int i = 0; i < JOBS; i++) {
            world.mint("job-" + i + "#1");
        }
        lists.set(0);
    }
}
