package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neighbours of "an answer to another creation". */
class AnswersGivenTwiceTest extends BehindABox {
    private byte[] answer(RawServer.Req request) throws IOException {
        var answer = new ByteArrayOutputStream();
        world.qwiet(request, answer);
        return answer.toByteArray();
    }

    /** Qwiet's answer as its published sample is: without a description. */
    private byte[] terse(RawServer.Req request) throws IOException {
        String id = world.make(request.body());
        var answer = new ByteArrayOutputStream();
        RawServer.send(
                answer, "200 OK", "{\"ok\":true,\"response\":{\"id\":\"" + id + "\",\"value\":\"v-" + id + "\"}}");
        return answer.toByteArray();
    }

    /** The first creation times out at the gateway, which keeps its answer, and gives it to the next one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenThatAReconciliationRevokedIsGivenToNobody(boolean passesOn) throws Exception {
        var kept = new AtomicReference<byte[]>();
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            if (kept.get() == null) {
                kept.set(terse(request));
                RawServer.send(out, "504 Gateway Timeout", "<html>too slow</html>");
            } else {
                if (passesOn) {
                    terse(request);
                }
                out.write(kept.get());
            }
            return true;
        };

        MintResult minted = world.mint("shop#1");

        if (minted instanceof MintResult.Minted got) {
            assertThat(world.tokens.keySet())
                    .as("tokens that live; the build was given this one")
                    .contains(got.lease().tokenId());
        }
        world.box = (request, out) -> false;
        world.buildRuns = false;
        world.sweep(40);
        nothingLeft();
    }

    /** The same for a token that the search for an ended lease's twin revoked. */
    @Test
    void aTwinThatWasRevokedIsGivenToNobody() throws Exception {
        var kept = new AtomicReference<byte[]>();
        var posts = new AtomicInteger();
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            if (posts.incrementAndGet() == 1) {
                // Repeated on the way: two tokens, two answers, the first of which is passed on.
                out.write(terse(request));
                kept.set(terse(request));
            } else {
                out.write(kept.get());
            }
            return true;
        };
        var first = (MintResult.Minted) world.mint("shop#1");
        world.leasing.revoke(world.client(), first.lease()).join();
        world.buildRuns = false;
        world.sweep(40);
        assertThat(world.tokens).as("both are revoked").isEmpty();
        world.buildRuns = true;

        MintResult second = world.mint("shop#2");

        assertThat(second).isNotInstanceOf(MintResult.Minted.class);
    }

    /** The answer has an id and no value, and says itself that it is another Jenkins' token. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\"value\":\"\",", "\"value\":null,"})
    void anIdWithoutValueAndWithTheMarkOfAnotherIsLeftAlone(String value) throws Exception {
        String description =
                TokenDescription.describe("", "https://elsewhere.example/job/x/7/", "0123456789abcdef0123456789abcdef");
        world.tokens.put(
                "token-of-another",
                world.json
                        .createObjectNode()
                        .put("id", "token-of-another")
                        .put("label", "label")
                        .put("description", description)
                        .put("token_type", "access"));
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            answer(request);
            RawServer.send(
                    out,
                    "200 OK",
                    "{\"ok\":true,\"response\":{" + value + "\"id\":\"token-of-another\",\"label\":\"label\","
                            + "\"description\":\"" + description + "\"}}");
            return true;
        };

        world.mint("shop#1");
        world.box = (request, out) -> false;
        world.buildRuns = false;
        world.sweep(40);

        assertThat(world.tokens).as("tokens that live").containsOnlyKeys("token-of-another");
    }

    /** The process was started again meanwhile; the lease of that token ended a moment before. */
    @Test
    void aTokenThatWasRevokedBeforeARestartIsGivenToNobody() throws Exception {
        var kept = new AtomicReference<byte[]>();
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            if (kept.get() == null) {
                kept.set(terse(request));
            }
            out.write(kept.get());
            return true;
        };
        var first = (MintResult.Minted) world.mint("shop#1");
        world.leasing.revoke(world.client(), first.lease()).join();
        world.buildRuns = false;
        world.sweep(9);
        world.restart();
        world.buildRuns = true;

        assertThat(world.mint("shop#2")).isNotInstanceOf(MintResult.Minted.class);
    }

    /** A list has shown the token of another before this creation was sent; nothing says whose it is. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\"value\":\"eyJ-another\","})
    void aTokenThatWasListedBeforeIsNoAnswer(String value) throws Exception {
        world.tokens.put(
                "token-of-another",
                world.json.createObjectNode().put("id", "token-of-another").put("label", "other"));
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            answer(request);
            RawServer.send(out, "504 Gateway Timeout", "<html>too slow</html>");
            return true;
        };
        world.mint("shop#1");
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            answer(request);
            RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":{" + value + "\"id\":\"token-of-another\"}}");
            return true;
        };

        MintResult minted = world.mint("shop#2");
        world.box = (request, out) -> false;
        world.buildRuns = false;
        world.sweep(40);

        assertThat(minted).isNotInstanceOf(MintResult.Minted.class);
        assertThat(world.tokens).as("tokens that live").containsOnlyKeys("token-of-another");
    }

    /** Whether a revocation that broke off had an effect, nobody knows. */
    @Test
    void aTokenThatMayHaveBeenRevokedIsGivenToNobody() throws Exception {
        var kept = new AtomicReference<byte[]>();
        world.box = (request, out) -> {
            if (request.method().equals("DELETE")) {
                world.qwiet(request, new ByteArrayOutputStream());
                RawServer.send(out, "502 Bad Gateway", "<html>broken</html>");
                return true;
            } else if (!request.method().equals("POST")) {
                return false;
            }
            kept.set(terse(request));
            RawServer.send(out, "504 Gateway Timeout", "<html>too slow</html>");
            return true;
        };
        world.mint("shop#1");
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            out.write(kept.get());
            return true;
        };

        MintResult second = world.mint("shop#2");

        assertThat(world.tokens).as("tokens that live").isEmpty();
        assertThat(second).isNotInstanceOf(MintResult.Minted.class);
    }

    /** However many tokens there are: one that was listed before is nobody's. */
    @ParameterizedTest
    @ValueSource(ints = {100, 8_500, 39_000})
    void aCopyOfAnAnswerThatNamesATokenOfALongListIsNotBelieved(int which) throws Exception {
        var list = world.json.createArrayNode();
        for (int i = 0; i < 40_000; i++) {
            list.addObject().put("id", "o-" + i).put("label", "another").put("description", "of somebody else");
        }
        var posts = new AtomicInteger();
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                world.ok(out, list);
            } else if (posts.getAndIncrement() == 0) {
                // The list is read, as this is no answer; then comes a second creation.
                RawServer.send(out, "504 Gateway Timeout", "late");
            } else {
                world.ok(
                        out,
                        world.json
                                .createObjectNode()
                                .put("id", "o-" + which)
                                .put("label", "another")
                                .put("value", "v"));
            }
            return true;
        };
        assertThat(world.mint("shop#1")).isNotInstanceOf(MintResult.Minted.class);
        assertThat(posts).hasValue(2);
    }
}
