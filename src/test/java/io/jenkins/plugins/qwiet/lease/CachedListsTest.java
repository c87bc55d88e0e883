package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list that something on the way had kept proves nothing about a token that was made after it. */
class CachedListsTest extends BehindABox {
    private static final Duration A_DAY = Duration.ofDays(1);

    private static String date(Instant at) {
        return "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    /** Many caches say nothing of themselves. */
    @ParameterizedTest
    @ValueSource(ints = {120, 3_600, 86_400, 200_000_000})
    void anOldDateIsNoProof(int seconds) throws Exception {
        String kept = date(QwietBehindABox.NOW.minusSeconds(seconds));
        loses(kept);
        world.sweep(90);
        assertThat(world.tokens).isNotEmpty();
        assertThat(world.store.leases()).isNotEmpty();

        world.box = (request, out) -> false;
        world.sweep(90);
        nothingLeft();
    }

    @Test
    void anAgeIsNoProof() throws Exception {
        loses("Age: 700");
        world.sweep(90);
        assertThat(world.store.leases()).isNotEmpty();
    }

    /** Of caches that write a date of their own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Cache-Status: HIT",
                "X-Cache-Status: STALE",
                "X-Cache-Status: UPDATING",
                "X-Proxy-Cache: HIT",
                "CF-Cache-Status: HIT",
                "X-Varnish: 32770 3",
                "X-Varnish-Cache: HIT",
                "CDN-Cache: HIT",
                "X-From-Cache: 1",
                "X-Drupal-Cache: HIT",
                "X-Cache-Lookup: HIT from squid:3128",
                "X-Cache: TCP_MEM_HIT from a23-1-2-3.deploy.example",
                "X-Cache-Hits: 4",
                "X-Kong-Cache: Hit",
                "X-Fastly-Cache-Status: HIT-CLUSTER",
                "X-Cache-State: HIT-STALE",
                "X-Cache: HIT_FRESH",
                "X-Cache: Cache Hit",
                "X-Cache: CACHED",
                "X-Cache: MISS, HIT",
                "X-Cache: MISS from a, HIT from b",
                "X-Cache: 1; HIT",
                "X-Cache-Info: cached",
                "X-Cache-Detail: \"cache hit\" from gateway.example",
                "X-Rack-Cache: fresh",
                "X-Symfony-Cache: GET /tokens: fresh",
                "X-Cached-Response: true",
                "X-Response-Cached: yes",
                "X-Cache: served from cache",
                "X-Cache: from cache",
                "X-Cache: OriginShieldHit from cloudfront",
                "X-Cache-Status: MEMHIT",
                "X-Cache-Status: DISKHIT",
                "X-Cache-Age: 700",
                "Age: 700, 3",
                "Age: 700.5",
                "Via: 1.1 p (HIT)",
                "Server-Timing: cdn-cache; desc=HIT"
            })
    void aCachesOwnWordIsNoProof(String header) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                world.make(request.body());
                RawServer.send(out, "504 T", "<html>");
            } else {
                String now = date(world.clock.instant());
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", now, header);
            }
            return true;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(60);
        assertThat(world.store.leases()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Cache-Status: MISS",
                "X-Cache-Status: BYPASS",
                "CF-Cache-Status: DYNAMIC",
                "X-Varnish: 32770",
                "X-Cache-Hits: 0",
                "Cache-Control: max-age=1",
                "X-Cache-Key: /hit/1",
                "Age: 1",
                "Age: 1, 2.5",
                "Via: 1.1 hit-eu.example (squid/5)",
                "X-Cache: MISS (not cached)",
                "X-Cache: HIT-FOR-PASS",
                "X-Symfony-Cache: GET /tokens: stale, invalid, store",
                "X-Symfony-Cache: GET /tokens: miss, store",
                "X-Cache-Node: hit-3.example",
                "X-Cache-Age: 1",
                "X-Cache: hit=false",
                "X-Cache: stale=0",
                "X-Cache: no-hit",
                "X-Cache: non-cached",
                "Server-Timing: cdn-cache; desc=MISS"
            })
    void anAnswerThatWasNotKeptIsOne(String header) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "<html>");
            } else {
                String now = date(world.clock.instant());
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", now, header);
            }
            return true;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(60);
        nothingLeft();
    }

    /** What is behind by always the same is a clock. */
    @Test
    void aClockThatIsADayBehindHoldsUpNothing() throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "<html>");
                return true;
            } else if (request.method().equals("GET")) {
                String now = date(world.clock.instant().minus(A_DAY));
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", now);
                return true;
            }
            return false;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(90);
        nothingLeft();
    }

    /** A gateway sends lists to nodes that only read, whose clock is a little behind; Jenkins revokes something now and then. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20})
    void nodesOfTheirOwnForListsHoldUpNothing(int behind) throws Exception {
        world.box = (request, out) -> {
            Instant now = world.clock.instant();
            switch (request.method()) {
                case "POST" -> RawServer.send(out, "504 T", "<html>");
                case "GET" ->
                    RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", date(now.minusSeconds(behind)));
                default -> RawServer.send(out, "200 OK", "{\"ok\":true}", date(now));
            }
            return true;
        };
        world.client().delete("what-tells-the-time").join();
        world.mint();
        world.buildRuns = false;
        for (int i = 0; i < 45; i++) {
            world.client().delete("of-some-build").join();
            world.sweep(2);
        }
        nothingLeft();
    }

    /** Nothing is known of Qwiet's clock yet, so that it may be ours that is wrong. */
    @ParameterizedTest
    @ValueSource(ints = {-7_200, 45, 300, 7_200})
    void theFirstListIsWholeThoughOurClockIsAhead(int seconds) {
        world.box = (request, out) -> {
            Instant now = world.clock.instant().minusSeconds(seconds);
            RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", date(now));
            return true;
        };
        for (int i = 0; i < 3; i++) {
            assertThat(world.client()
                            .list(QwietClient.ListQuery.LIVE, token -> {})
                            .join())
                    .isInstanceOfSatisfying(
                            Outcome.Done.class, done -> assertThat(done.value()).isEqualTo(new Listed(0, true)));
            world.pass(Duration.ofMinutes(1));
        }
    }

    /** A cache that has kept the first list is known by the second. */
    @Test
    void twoListsOfOneDateProveNothing() throws Exception {
        String kept = date(QwietBehindABox.NOW.minusSeconds(3_600));
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                world.make(request.body());
                RawServer.send(out, "504 T", "<html>");
            } else {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", kept);
            }
            return true;
        };
        world.mint();
        world.buildRuns = false;
        world.sweep(90);
        assertThat(world.store.leases()).isNotEmpty();
    }

    /** The list comes in pages, newest first. A cache had kept the first one, and says so; the second is of now. */
    @ParameterizedTest
    @ValueSource(strings = {"Age: 700", "X-Cache: HIT", "X-Nothing: 1", "Warning: 110 - \"Response is Stale\""})
    void aFirstPageThatACacheHadKeptProvesNothing(String header) throws Exception {
        String list = "/orgs/" + QwietBehindABox.ORG + "/tokens";
        String token = "{\"ok\":true,\"response\":[{\"id\":\"old\",\"label\":\"x\",\"description\":\"y\"}]";
        boolean says = !header.startsWith("X-Nothing");
        world.box = (request, out) -> {
            String now = date(world.clock.instant());
            if (request.method().equals("POST")) {
                world.make(request.body());
                RawServer.send(out, "504 T", "<html>");
            } else if (request.path().contains("page=2")) {
                RawServer.send(out, "200 OK", token.replace("old", "older") + "}", now);
            } else {
                String next = ",\"next_page\":\"" + world.server.address() + list + "?page=2\"}";
                RawServer.send(out, "200 OK", token + next, now, header);
            }
            return true;
        };
        world.mint("lost#1");
        world.buildRuns = false;
        world.sweep(60);
        assertThat(world.store.leases().isEmpty()).isEqualTo(!says);
    }

    /** Of what keeps pages each for itself, and all else that was asked before: no clock is known but that of the pages. */
    @Test
    void aPageThatIsOlderThanAnotherProvesNothing() {
        String list = "/orgs/" + QwietBehindABox.ORG + "/tokens";
        world.box = (request, out) -> {
            boolean second = request.path().contains("page=2");
            String next = second ? "" : ",\"next_page\":\"" + world.server.address() + list + "?page=2\"";
            Instant now = world.clock.instant();
            RawServer.send(
                    out,
                    "200 OK",
                    "{\"ok\":true,\"response\":[{\"id\":\"a\"}]" + next + "}",
                    date(second ? now : now.minus(Duration.ofHours(4))));
            return true;
        };
        world.client().delete("what-tells-the-time").join();
        assertThat(world.client().list(QwietClient.ListQuery.LIVE, token -> {}).join())
                .isEqualTo(new Outcome.Done<>(new Listed(2, false)));
    }

    /** Each mint makes a token and is not answered; each list is the one of before, with that header. */
    private void loses(String header) {
        world.box = (request, out) -> {
            RawServer.send(out, "200 OK", "{\"ok\":true}", date(QwietBehindABox.NOW));
            return true;
        };
        world.client().delete("what-tells-the-time").join();
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                world.make(request.body());
                RawServer.send(out, "504 T", "<html>");
                return true;
            } else if (request.method().equals("GET")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", header);
                return true;
            }
            return false;
        };
        world.mint();
        world.buildRuns = false;
    }

    /** The first page of a great list takes its time, and is dated when it is there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 40})
    void aSlowFirstPageIsNotOneOfACache(int seconds) throws Exception {
        world.buildRuns = false;
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "late");
                return true;
            } else if (!request.method().equals("GET")) {
                return false;
            }
            boolean second = request.path().contains("page=2");
            if (!second) {
                world.pass(Duration.ofSeconds(seconds));
            }
            RawServer.send(
                    out,
                    "200 OK",
                    "{\"ok\":true,\"response\":[{\"id\":\"o-" + (second ? 2 : 1) + "\",\"label\":\"another\"}]"
                            + (second ? "}" : ",\"next\":\"?page=2\"}"),
                    date(world.clock.instant()));
            return true;
        };
        world.mint();
        world.sweep(4 * 60);
        assertThat(world.store.leases())
                .extracting(lease -> lease.buildId() + ": " + lease.lastError())
                .isEmpty();
    }
}
