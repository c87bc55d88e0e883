package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a list shows is there, whatever becomes of the rest of it. */
class ListsThatEndTooSoonTest extends PagedQwiet {
    /** The second page fails, always; the lost token is on the first one, with its mark. */
    @ParameterizedTest
    @ValueSource(strings = {"500 E", "429 N", "200 OK", "504 T", "403 F"})
    void whatThePagesBeforeOneThatFailsShowIsRevoked(String status) throws Exception {
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            } else if (page(request) == 1) {
                RawServer.send(out, status, "<html>an error page</html>");
            } else {
                sendPage(out, newestFirst(), 0);
            }
            return true;
        };
        loseResponse();
        world.sweep(60);
        assertThat(world.tokens.keySet()).as("of " + world.store.leases()).isEmpty();
    }

    /** Something on the way cuts what is long; the lost token is at the beginning, with its mark. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsBeforeTheCutOfAListIsRevoked(boolean closed) throws Exception {
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            }
            var answer = world.json.createObjectNode().put("ok", true);
            newestFirst().forEach(answer.putArray("response")::add);
            String text = answer.toString();
            text = text.substring(0, text.length() - 20);
            if (closed) {
                out.write(("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + text).getBytes(StandardCharsets.UTF_8));
                out.flush();
                throw new IOException("cut");
            }
            RawServer.send(out, "200 OK", text);
            return true;
        };
        loseResponse();
        world.sweep(60);
        assertThat(world.tokens.keySet()).as("of " + world.store.leases()).isEmpty();
    }

    /** The list is asked for again at once where a connection broke, and then nothing of it comes. */
    @Test
    void whatOnlyTheFirstOfTwoTriesShowsIsRevoked() throws Exception {
        int[] lists = {0};
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            } else if (lists[0]++ % 2 == 1) {
                RawServer.send(out, "500 E", "");
                return true;
            }
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{\"ok\":true,\"response\":["
                            + newestFirst().get(0) + "," + newestFirst().get(1))
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            throw new IOException("broken");
        };
        loseResponse();
        world.sweep(60);
        assertThat(lists[0]).isGreaterThan(1);
        assertThat(world.tokens.keySet()).as("of " + world.store.leases()).isEmpty();
    }

    /** Of two jobs with clients of their own, one gets a part of the list, the other nothing. */
    @Test
    void whatTheListOfOneJobShowsIsRevokedThoughThatOfAnotherFails() throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                world.make(request.body());
                RawServer.send(out, "504 T", "late");
                return true;
            } else if (isList(request)) {
                send(out, newestFirst(), null, "Warning: 199 - \"truncated\"");
                return true;
            }
            return false;
        };
        boolean[] minted = {false};
        world.credentials = lease ->
                Optional.of(minted[0] && !lease.job().equals("shop") ? new Forbidden(world.client()) : world.client());
        world.buildRuns = false;
        world.box = whileNothingIsListed(world.box, minted);
        world.mint("shop#1");
        world.pass(Duration.ofSeconds(1));
        world.mint("other#1");
        minted[0] = true;
        world.sweep(120);
        assertThat(world.tokens.keySet()).as("of " + world.store.leases()).isEmpty();
    }

    private static QwietBehindABox.Box whileNothingIsListed(QwietBehindABox.Box box, boolean[] listed) {
        return (request, out) -> {
            if (isList(request) && !listed[0]) {
                RawServer.send(out, "500 E", "");
                return true;
            }
            return box.meddle(request, out);
        };
    }

    private static final class Forbidden extends PassingClient {
        Forbidden(QwietClient real) {
            super(real);
        }

        @Override
        public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
            return CompletableFuture.completedFuture(new Outcome.Refused<>(403, "FORBIDDEN", "scope", List.of()));
        }
    }

    /** What Jenkins is told must be true of what happened. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500})
    void thatTheSecondReadingIsRefusedIsSaid(int status) throws Exception {
        int[] calls = {0};
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            } else if (calls[0]++ % 3 == 2) {
                RawServer.send(
                        out, status + " N", "{\"ok\":false,\"code\":\"NO\",\"message\":\"tokens:list is missing\"}");
            } else {
                sendPage(out, all(), page(request));
            }
            return true;
        };
        loseRequest();
        world.sweep(30);
        assertThat(world.store.leases())
                .isNotEmpty()
                .allSatisfy(lease -> assertThat(lease.lastError())
                        .contains("tokens:list is missing")
                        .doesNotContain("may not be complete or may be"));
    }
}
