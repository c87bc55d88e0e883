package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that Qwiet never revokes: its lease ends when Qwiet lists it no more, and not before. */
class LastingFailureTest extends BehindABox {
    /** The service account may not revoke, as docs/configuration.md allows; Qwiet names no end, as in its published sample. */
    @Test
    void whatMayNotBeRevokedEndsWhenItIsNotListedAnyMore() throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("DELETE")) {
                RawServer.send(out, "403 F", "{\"ok\":false,\"code\":\"FORBIDDEN\",\"message\":\"no\"}");
                return true;
            }
            return false;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(60);
        world.tokens.clear(); // It expired.
        world.sweep(26 * 60);
        assertThat(world.store.leases()).isEmpty();
    }

    /** Qwiet cannot revoke what is not there, and says so in another way than those that the issue names. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 E|{\"ok\":false,\"code\":\"INTERNAL\",\"message\":\"no rows\"}",
                "405 E|{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}",
                "412 E|{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}",
                "423 E|{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}",
                "200 OK|{\"ok\":false,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}",
                "404 N|{\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}"
            })
    void aTokenThatIsNotListedAnyMoreEndsItsLease(String status, String body) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("DELETE")) {
                RawServer.send(out, status, body);
                return true;
            }
            return false;
        };
        world.mint();
        world.tokens.clear();
        world.buildRuns = false;
        world.sweep(26 * 60);
        assertThat(world.store.leases()).isEmpty();
    }

    /** "There is no such token" is not what these say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "The token could not be deleted.",
                "Token was not deleted",
                "The token has not been revoked",
                "Access token %s could not be revoked"
            })
    void whatWasNotDeletedIsNotGone(String message) throws Exception {
        var failing = new AtomicInteger(3);
        world.box = (request, out) -> {
            if (request.method().equals("DELETE") && failing.getAndDecrement() > 0) {
                String id = request.path().substring(request.path().lastIndexOf('/') + 1);
                String says = "{\"ok\":false,\"code\":\"NOT_FOUND\",\"message\":\"" + message.replace("%s", id) + "\"}";
                RawServer.send(out, "404 N", says);
                return true;
            }
            return false;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(240);
        nothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORG", "ROUTE", "TENANT"})
    void aNotFoundAboutSomethingElseLeavesNoToken(String what) throws Exception {
        String message = what.equals("ORG")
                ? "organization not found"
                : what.equals("ROUTE") ? "no such route" : "no such tenant for this token";
        var failing = new AtomicInteger(3);
        world.box = (request, out) -> {
            if (request.method().equals("DELETE") && failing.getAndDecrement() > 0) {
                RawServer.send(out, "404 N", "{\"ok\":false,\"code\":\"NOT_FOUND\",\"message\":\"" + message + "\"}");
                return true;
            }
            return false;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(240);
        nothingLeft();
    }

    /** Meanwhile a build begins to use its token: nothing of this touches it. */
    @Test
    void aTokenInUseIsNeverTakenThoughAListAndItsLeaseAgree() throws Exception {
        var minted = (MintResult.Minted) world.mint();
        AtomicReference<JsonNode> nothing = new AtomicReference<>(world.json.createArrayNode());
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                world.ok(out, nothing.get());
                return true;
            }
            return false;
        };
        world.sweep(120);
        assertThat(world.tokens).containsKey(minted.token().id());
        assertThat(world.store.leases()).hasSize(1);
    }

    /** docs/administration.md: each lease has its own next try, later after each failure, up to ten minutes. */
    @ParameterizedTest
    @ValueSource(strings = {"partial", "hidden"})
    void aListThatProvesNothingIsNotAskedForEachMinute(String how) throws Exception {
        var lists = new AtomicInteger();
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                world.tokens.get(world.make(request.body())).remove("description");
                RawServer.send(out, "504 T", "<html>");
                return true;
            } else if (request.method().equals("GET")) {
                lists.incrementAndGet();
                if (how.equals("partial")) {
                    RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[],\"has_more\":true}");
                    return true;
                }
            }
            return false;
        };
        world.mint("lost#1");
        world.buildRuns = false;
        world.sweep(60);
        lists.set(0);
        world.sweep(120);
        assertThat(lists.get()).as("lists in two hours").isLessThanOrEqualTo(30);
    }

    /** Nor for leases that ended a moment ago, which are looked for once more. */
    @Test
    void aListThatProvesNothingIsNotAskedForEachMinuteAfterAnEnd() throws Exception {
        var lists = new AtomicInteger();
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                lists.incrementAndGet();
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[],\"has_more\":true}");
                return true;
            }
            return false;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(120);
        assertThat(lists.get()).as("lists in two hours").isBetween(1, 30);
    }
}
