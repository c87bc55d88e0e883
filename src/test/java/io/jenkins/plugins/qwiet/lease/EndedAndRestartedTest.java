package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Something stands beside each list that nobody knows (a gateway of the list's route alone), and Jenkins is restarted each night: no
 * process lives long enough to count a token's lifetime. All creations and revocations are answered; a build an hour.
 */
class EndedAndRestartedTest extends BehindABox {
    private static final int DAYS = 12;

    @ParameterizedTest
    @ValueSource(ints = {0, 24, 12})
    void endedLeasesAreForgotten(int hoursBetweenRestarts) throws Exception {
        world.buildRuns = false;
        world.box = (request, out) -> {
            String date = "Date: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            world.clock.instant().atOffset(ZoneOffset.UTC));
            String end =
                    DateTimeFormatter.ISO_INSTANT.format(world.clock.instant().plus(Duration.ofHours(1)));
            var answer = world.json.createObjectNode().put("ok", true);
            if (request.path().endsWith("my_scopes")) {
                answer.putArray("response").add("tokens:list");
            } else if (request.method().equals("GET")) {
                answer.put("frobnication", "x7");
                answer.putArray("response")
                        .addAll((ArrayNode) world.list())
                        .addObject()
                        .put("id", "o-1")
                        .put("label", "another")
                        .put("description", "of somebody")
                        .put("token_type", "access")
                        .put("expires_at", "2030-01-01T00:00:00Z");
            } else if (request.method().equals("POST")) {
                answer.set(
                        "response",
                        world.tokens
                                .get(world.make(request.body()))
                                .put("expires_at", end)
                                .deepCopy()
                                .put("value", "v"));
            } else {
                world.tokens.remove(request.path().substring(request.path().lastIndexOf('/') + 1));
            }
            RawServer.send(out, "200 OK", answer.toString(), date);
            return true;
        };
        List<Integer> eachDay = new ArrayList<>();
        for (int hours = 0; hours < DAYS * 24; hours++) {
            if (hoursBetweenRestarts > 0 && hours % hoursBetweenRestarts == 0) {
                world.restart();
            }
            world.mint("shop#" + hours);
            for (int i = 0; i < 4; i++) {
                world.janitor.sweep().join();
                world.pass(Duration.ofMinutes(15));
            }
            if (hours % 24 == 23) {
                eachDay.add(world.store.ended().size());
            }
        }
        assertThat(world.store.leases()).hasSizeLessThan(3);
        assertThat(eachDay.get(DAYS - 1))
                .as("leases that have ended, and are still looked for and written down, day by day: %s", eachDay)
                .isLessThan(24 * 3);
    }
}
