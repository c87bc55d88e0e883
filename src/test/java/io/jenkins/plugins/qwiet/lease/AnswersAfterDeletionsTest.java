package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersAfterDeletionsTest extends BehindABox {
    /** A search found the token and asked to delete it; Qwiet did, and the answer to that was lost. */
    @ParameterizedTest
    @ValueSource(strings = {"504 Gateway Timeout", "500 Error", "409 Conflict", "400 Bad"})
    void aTokenWhoseDeletionWasNotAnsweredIsGivenToNobody(String answer) throws Exception {
        var kept = new AtomicReference<byte[]>();
        var deletes = new AtomicInteger();
        world.box = (request, out) -> {
            if (request.method().equals("DELETE")) {
                if (deletes.incrementAndGet() == 1) {
                    world.qwiet(request, new ByteArrayOutputStream());
                    RawServer.send(out, answer, "<html>too slow</html>");
                    return true;
                }
                return false;
            } else if (!request.method().equals("POST")) {
                return false;
            }
            if (kept.get() == null) {
                String id = world.make(request.body());
                var first = new ByteArrayOutputStream();
                RawServer.send(first, "200 OK", "{\"ok\":true,\"response\":{\"id\":\"" + id + "\",\"value\":\"v\"}}");
                kept.set(first.toByteArray());
                RawServer.send(out, "504 Gateway Timeout", "<html>too slow</html>");
            } else {
                out.write(kept.get());
            }
            return true;
        };
        MintResult first = world.mint("shop#1");
        assertThat(first).isNotInstanceOf(MintResult.Minted.class);
        MintResult second = world.mint("shop#2");
        if (second instanceof MintResult.Minted got) {
            assertThat(world.tokens.keySet())
                    .as("tokens that live; the build was given this one")
                    .contains(got.lease().tokenId());
        }
    }
}
