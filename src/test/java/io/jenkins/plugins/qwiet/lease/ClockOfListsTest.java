package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever answers lists has a clock that is five minutes behind, always. Somebody audits once. */
class ClockOfListsTest extends PagedQwiet {
    private String date(Duration behind) {
        return "Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        world.clock.instant().minus(behind).atOffset(ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLeaseOfNoTokenEnds(boolean audited) throws Exception {
        world.box = (request, out) -> {
            if (isList(request)) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", date(Duration.ofMinutes(5)));
            } else if (request.method().equals("DELETE")) {
                RawServer.send(out, "200 OK", "{\"ok\":true}", date(Duration.ZERO));
            } else {
                String id = world.make(request.body());
                var token = world.tokens.remove(id).put("value", "v");
                RawServer.send(
                        out,
                        "200 OK",
                        world.json
                                .createObjectNode()
                                .put("ok", true)
                                .set("response", token)
                                .toString(),
                        date(Duration.ZERO));
            }
            return true;
        };
        world.buildRuns = false;
        world.mint("shop#0");
        if (audited) {
            world.client().list(new ListQuery(true, true), token -> {}).join();
        }
        loseRequest();
        world.sweep(24 * 60);
        assertThat(world.store.leases())
                .extracting(lease -> lease.buildId() + ": " + lease.lastError())
                .isEmpty();
    }
}
