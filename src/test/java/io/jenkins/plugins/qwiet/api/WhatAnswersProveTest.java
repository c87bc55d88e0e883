package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer proves, and what it leaves open: by a server that may say anything. */
class WhatAnswersProveTest {
    static final String ORG = "0d1c2b3a-0000-4000-8000-000000000001";
    static final NewToken TOKEN = new NewToken("label", "description", Duration.ofHours(1));
    private static final String MADE = "{\"ok\":true,\"response\":{\"id\":\"a-1\",\"value\":\"v\"}}";

    private final QwietClients clients =
            new QwietClients(Clock.systemUTC(), new RetryLimits(2, Duration.ofMillis(1), Duration.ofSeconds(5)));
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer(RawServer.says("200 OK", "{}"));
    }

    @AfterEach
    void stop() throws IOException {
        clients.close();
        server.close();
    }

    private QwietClient client() {
        return client(clients);
    }

    private QwietClient client(QwietClients by) {
        return by.client(
                new ConnectionSettings(Duration.ofSeconds(2), Duration.ofSeconds(4), null, "t"),
                new Organization(ApiAddress.parse(server.address()), ORG),
                SecretText.of("bearer-0123456789"));
    }

    static Stream<String[]> notQwiets() {
        return Stream.of(
                new String[] {"400 B", "{\"code\":\"INVALID\",\"message\":\"x\"}"},
                new String[] {"400 B", "{\"ok\":\"false\",\"code\":\"INVALID\",\"message\":\"x\"}"},
                new String[] {"400 B", "{\"ok\":0,\"code\":\"INVALID\",\"message\":\"x\"}"},
                new String[] {"400 B", "{\"ok\":null,\"code\":\"INVALID\",\"message\":\"x\"}"},
                new String[] {"409 C", "{\"error\":\"conflict\",\"code\":\"CONFLICT\",\"status\":409}"},
                new String[] {"403 F", "{\"ok\":false}"},
                new String[] {"403 F", "{\"ok\":false,\"code\":\"\"}"},
                new String[] {"403 F", "{\"ok\":false,\"code\":null}"},
                new String[] {"403 F", "{\"ok\":false,\"code\":{}}"},
                new String[] {"403 F", "{\"ok\":false,\"code\":[\"X\"]}"},
                new String[] {"403 F", "[{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}]"},
                new String[] {"403 F", "{\"error\":{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}}"},
                new String[] {"401 U", "\"UNAUTHORIZED\""},
                new String[] {"404 N", ""},
                new String[] {"422 X", "null"},
                new String[] {"418 X", "{\"ok\":true,\"code\":\"X\"}"},
                new String[] {"500 X", "{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}"},
                new String[] {"503 X", "{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}"},
                new String[] {"300 X", "{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}"},
                new String[] {"304 X", ""},
                new String[] {"600 X", "{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}"},
                new String[] {"999 X", "{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}"},
                new String[] {"200 OK", "{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}"},
                new String[] {"200 OK", "<html>hello</html>"},
                new String[] {"200 OK", ""},
                new String[] {"204 N", ""},
                new String[] {"202 A", "{\"ok\":true}"},
                new String[] {"101 S", ""});
    }

    @ParameterizedTest
    @MethodSource("notQwiets")
    void aCreationIsUnsureUnlessQwietItselfSaysNo(String status, String body) {
        server.handler((request, out, socket) -> {
            RawServer.send(out, status, body, "Retry-After: 0", "Content-Type: application/json");
            return false;
        });
        assertThat(client().create(TOKEN).join()).isInstanceOf(Unsure.class);
        assertThat(server.count("POST")).isEqualTo(1);
    }

    @Test
    void aRefusalThatIsCutIsUnsure() {
        server.handler(
                cutBehind("HTTP/1.1 400 Bad\r\nContent-Length: 200\r\n\r\n{\"ok\":false,\"code\":\"INVALID\",\"mess"));
        assertThat(client().create(TOKEN).join()).isInstanceOf(Unsure.class);
        assertThat(server.count("POST")).isEqualTo(1);
    }

    @Test
    void aChunkedAnswerThatIsCutIsUnsure() {
        server.handler(
                cutBehind("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"ok\":true,\"response\r\n"));
        assertThat(client().create(TOKEN).join()).isInstanceOf(Unsure.class);
        assertThat(server.count("POST")).isEqualTo(1);
    }

    @Test
    void earlyHintsComeBeforeTheAnswer() {
        server.handler((request, out, socket) -> {
            out.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8));
            RawServer.send(out, "200 OK", MADE);
            return true;
        });
        assertThat(client().create(TOKEN).join()).isInstanceOf(Done.class);
        assertThat(server.count("POST")).isEqualTo(1);
    }

    @Test
    void gzip() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(MADE.getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = bytes.toByteArray();
        server.handler((request, out, socket) -> {
            RawServer.send(out, "200 OK", whole, "Content-Encoding: gzip");
            return true;
        });
        assertThat(client().create(TOKEN).join()).isInstanceOf(Done.class);
        server.handler((request, out, socket) -> {
            RawServer.send(out, "200 OK", MADE, "Content-Encoding: gzip");
            return true;
        });
        assertThat(client().create(TOKEN).join()).isInstanceOf(Unsure.class);
        server.handler((request, out, socket) -> {
            RawServer.send(out, "403 F", "{\"ok\":false,\"code\":\"X\"}", "Content-Encoding: gzip");
            return true;
        });
        assertThat(client().create(TOKEN).join()).isInstanceOf(Unsure.class);
    }

    private static RawServer.Handler cutBehind(String answer) {
        return (request, out, socket) -> {
            out.write(answer.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return false;
        };
    }

    // ---- DELETE

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 OK|",
                "204 No|",
                "205 Reset|",
                "202 Accepted|{}",
                "200 OK|{\"ok\":true}",
                "200 OK|{\"ok\":true,\"response\":null}"
            })
    void gone(String status, String body) {
        server.handler(RawServer.says(status, body == null ? "" : body));
        assertThat(client().delete("a-1").join()).isEqualTo(new Done<>(true));
    }

    @Test
    void blanksAreAnEmptyAnswer() {
        server.handler(RawServer.says("200 OK", " \r\n"));
        assertThat(client().delete("a-1").join()).isEqualTo(new Done<>(true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 OK|<html><body>Log in</body></html>",
                "200 OK|[]",
                "200 OK|{\"ok\":false}",
                "200 OK|{\"ok\":null}",
                "200 OK|{\"ok\":\"no\"}",
                "200 OK|{\"OK\":false}",
                "200 OK|{\"login\":\"required\"}",
                "200 OK|{\"ok\":false,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}",
                "404 N|<html>token not found</html>",
                "404 N|{\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}",
                "404 N|{\"ok\":\"false\",\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}",
                "404 N|{\"ok\":true,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}",
                "404 N|{\"ok\":false,\"message\":\"token not found\"}",
                "409 N|{\"ok\":false,\"code\":\"X\",\"message\":\"token not found\"}",
                "410 N|{\"code\":\"GONE\",\"message\":\"gone\"}",
                "302 N|",
                "500 N|{\"ok\":false,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}"
            })
    void notGone(String status, String body) {
        server.handler(RawServer.says(status, body == null ? "" : body));
        assertThat(client().delete("a-1").join()).isNotInstanceOf(Done.class);
    }

    /** Qwiet's 404 is about something else than the token of the path: that proves nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ORG_NOT_FOUND|organization not found",
                "NOT_FOUND|The tenant of this token was not found",
                "NOT_FOUND|No such workspace for this token",
                "NOT_FOUND|Not found, or your token does not give access to it",
                "NOT_FOUND|Nothing here for the token you presented",
                "INVALID_TOKEN|The token you sent is not known",
                "TOKEN_INVALID|invalid token",
                "NOT_FOUND|API token of the caller is gone",
                "NOT_FOUND|Company not found: token belongs to another one",
                "NOT_FOUND|DELETE /api/v4/tokens is not served here",
                "NOT_FOUND|the tokens service is not deployed here",
                "NOT_FOUND|tokens API v4 not found",
                "FEATURE_DISABLED|tokens are not part of your plan",
                "NOT_FOUND|integration token not found",
                "NOT_FOUND|The access token is not known",
                "NOT_FOUND|Unknown access token",
                "ACCESS_TOKEN_NOT_FOUND|The access token is not known",
                "ACCESS_TOKEN_GONE|The access token that you sent was revoked; log in again",
                "TOKEN_GONE|Your session has ended",
                "TOKEN_NOT_FOUND|The bearer's token is not known: log in again",
                "NO_SUCH_TOKEN|Authorization: no such token",
                "NOT_FOUND|Customer 17 has no tokens feature",
                "NOT_FOUND|Token \u043d\u0435 deleted",
                "NOT_FOUND|Token deleted \u274c",
                "NOT_FOUND|Token deleted: 0"
            })
    void aNotFoundOfSomethingElseIsNotGone(String code, String message) {
        server.handler(RawServer.says(
                "404 Not Found", "{\"ok\":false,\"code\":\"" + code + "\",\"message\":\"" + message + "\"}"));
        assertThat(client().delete("a-1").join()).isNotInstanceOf(Done.class);
    }

    // ---- lists

    private Outcome<Listed> list(List<Token> into) {
        return client().list(ListQuery.LIVE, new QwietClient.Listing() {
                    @Override
                    public void restart() {
                        into.clear();
                    }

                    @Override
                    public void accept(Token token) {
                        into.add(token);
                    }
                })
                .join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"total\":\"2\"",
                "\"total\":2.0",
                "\"total\":{\"value\":2,\"relation\":\"eq\"}",
                "\"total\":{\"count\":2}",
                "\"@odata.nextLink\":\"https://x.example/y\"",
                "\"@odata.count\":2",
                "\"last\":false",
                "\"isLast\":false",
                "\"isLastPage\":false,\"size\":1,\"limit\":25",
                "\"last_page\":false",
                "\"complete\":false",
                "\"done\":false",
                "\"end\":false",
                "\"remaining\":1",
                "\"recordsTotal\":2",
                "\"numFound\":2",
                "\"num_results\":2",
                "\"total_entries\":2",
                "\"total_rows\":2",
                "\"totalTokens\":2",
                "\"item_count\":2",
                "\"pagination\":{\"total\":2}",
                "\"pagination\":{\"offset\":0,\"limit\":1}",
                "\"pagination\":{\"page\":\"1\",\"pages\":\"2\"}",
                "\"pagination\":{\"page\":1,\"of\":2}",
                "\"paging\":{\"cursors\":{\"after\":\"abc\"}}",
                "\"page\":{\"number\":0,\"totalPages\":2}",
                "\"page\":\"1/2\"",
                "\"_links\":{\"next\":{\"href\":\"/x\"}}",
                "\"links\":{\"next\":{\"url\":\"/x\"}}",
                "\"meta\":{\"next_offset\":1}",
                "\"meta\":{\"page\":{\"total\":2}}",
                "\"result_info\":{\"page\":1,\"per_page\":1,\"total_pages\":2}",
                "\"metadata\":{\"continue\":\"abc\",\"remainingItemCount\":1}",
                "\"NextToken\":\"abc\"",
                "\"nextPageLink\":\"abc\"",
                "\"nextRecordsUrl\":\"abc\"",
                "\"after\":\"abc\"",
                "\"endCursor\":\"abc\"",
                "\"marker\":\"abc\"",
                "\"warnings\":[\"list truncated\"]"
            })
    void aListThatSaysItIsCutIsNotWhole(String sign) {
        server.handler(RawServer.says("200 OK", "{\"ok\":true,\"response\":[{\"id\":\"a\"}]," + sign + "}"));
        var outcome = list(new ArrayList<>());
        assertThat(outcome instanceof Done<Listed> done && done.value().whole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Link: </x>; rel=next",
                "Link: </x>; rel='next'",
                "link: </x>;REL=\"NEXT\"",
                "Link: </x,y>; rel=\"next\"",
                "X-Next-Page: 2",
                "X-Total-Count: 2",
                "X-Total: 2",
                "X-Total-Pages: 2",
                "X-WP-Total: 2",
                "X-WP-TotalPages: 2",
                "X-Has-More: true",
                "X-Pagination: {\"total\":2}",
                "X-Next: abc",
                "X-Next-Page-Token: abc",
                "X-Page-Count: 2",
                "X-Count: 2",
                "X-Result-Count: 2",
                "X-Truncated: true",
                "Pagination-Count: 2",
                "Content-Range: tokens 0-0/2"
            })
    void aListWhoseHeadersSayItIsCutIsNotWhole(String header) {
        server.handler(RawServer.says("200 OK", "{\"ok\":true,\"response\":[{\"id\":\"a\"}]}", header));
        var outcome = list(new ArrayList<>());
        assertThat(outcome instanceof Done<Listed> done && done.value().whole()).isFalse();
    }

    @Test
    void partialContentIsNotWhole() {
        server.handler(RawServer.says("206 Partial Content", "{\"ok\":true,\"response\":[{\"id\":\"a\"}]}"));
        var outcome = list(new ArrayList<>());
        assertThat(outcome instanceof Done<Listed> done && done.value().whole()).isFalse();
    }

    @Test
    void aListThatIsNotMadeYetIsNotWhole() {
        server.handler(RawServer.says("202 Accepted", "{\"ok\":true,\"response\":[]}"));
        var outcome = list(new ArrayList<>());
        assertThat(outcome instanceof Done<Listed> done && done.value().whole()).isFalse();
    }

    /** Two answers one after the other, as servers of pages stream them. */
    @Test
    void whatComesBehindTheListIsNotOverlooked() {
        String one = "{\"ok\":true,\"response\":[{\"id\":\"a\"}]}";
        server.handler(RawServer.says("200 OK", one + "\n" + one.replace("\"a\"", "\"b\"")));
        List<Token> tokens = new ArrayList<>();
        var outcome = list(tokens);
        assertThat(outcome instanceof Done<Listed> done && done.value().whole() && tokens.size() < 2)
                .isFalse();
    }

    // ---- section 2

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"total\":18446744073709551615",
                "\"total\":1e30",
                "\"total\":-1",
                "\"limit\":99999999999999999999",
                "\"count\":1.5",
                "\"page\":99999999999999999999,\"pages\":99999999999999999999",
                "\"next\":0.0",
                "\"next\":-1",
                "\"offset\":\"NaN\""
            })
    void anOddNumberBesideTheTokensLeavesThemReadable(String odd) {
        server.handler(RawServer.says("200 OK", "{\"ok\":true," + odd + ",\"response\":[{\"id\":\"a\"}]}"));
        List<Token> tokens = new ArrayList<>();
        assertThat(list(tokens)).isInstanceOf(Done.class);
        assertThat(tokens).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"expires_at\":true",
                "\"expires_at\":{}",
                "\"expires_at\":[[1]]",
                "\"expires_at\":\"0001-01-01T00:00:00+14:00\"",
                "\"expires_at\":\"9999-12-31T23:59:59.9999999999Z\"",
                "\"expires_at\":\"+292278994-08-17T07:12:55.807Z\"",
                "\"expires_at\":\"2026-13-45\"",
                "\"expires_at\":\"2026-02-30T00:00:00Z\"",
                "\"expires_at\":1e400",
                "\"expires_at\":123456789012345678901234567890123456789012345678901234567890",
                "\"expires_at\":-1",
                "\"expires_at\":0",
                "\"expires_at\":\"\\u0000\"",
                "\"expires_at\":\"２０２６-08-01\"",
                "\"expires_at\":\"in 5 minutes\"",
                "\"expires_at\":\"2026-08-01T00:00:00Z[Nowhere/Atlantis]\"",
                "\"expires_at\":\"2026-08-01T12:00:00+25:00\"",
                "\"expires_at\":\"Sat, 01 Aug 2026 12:00:00 GMT\"",
                "\"label\":null,\"description\":17,\"role_id\":[],\"token_type\":{}",
                "\"label\":{\"a\":[{}]},\"description\":null,\"token_type\":\"brand-new\"",
                "\"label\":\"\\ud800\"",
                "\"id\":17",
                "\"created_by\":{\"id\":\"somebody else\"}",
                "\"id\":\"a.b\"",
                "\"id\":\"..\"",
                "\"expires_at\":null,\"expires_at\":\"x\""
            })
    void anOddTokenLeavesTheListReadable(String odd) {
        server.handler(RawServer.says(
                "200 OK", "{\"ok\":true,\"response\":[{\"id\":\"a\"," + odd + "},{\"id\":\"b\",\"label\":\"x\"}]}"));
        List<Token> tokens = new ArrayList<>();
        assertThat(list(tokens)).isEqualTo(new Done<>(new Listed(2, true)));
        assertThat(tokens.get(1).id()).isEqualTo("b");
        if (odd.contains("created_by")) {
            assertThat(tokens.get(0).id()).isEqualTo("a");
        }
    }

    /** A label that somebody typed in another encoding, or with a line break: servers that do not escape pass it on. */
    @Test
    void aLabelOfBrokenCharactersLeavesTheListReadable() {
        for (String label : List.of("caf\u00e9", "\u00ff\u00fe", "a\tb", "a\nb")) {
            byte[] body = ("{\"ok\":true,\"response\":[{\"id\":\"a\",\"label\":\"" + label + "\"},{\"id\":\"b\"}]}")
                    .getBytes(StandardCharsets.ISO_8859_1);
            server.handler((request, out, socket) -> {
                RawServer.send(out, "200 OK", body);
                return true;
            });
            List<Token> tokens = new ArrayList<>();
            assertThat(list(tokens)).as(label).isInstanceOf(Done.class);
            assertThat(tokens).as(label).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\":\"a\",\"value\":\"v\",\"expires_at\":\"in a while\"",
                "\"id\":\"a\",\"value\":\"v\",\"expires_at\":1e400",
                "\"id\":\"a\",\"value\":\"v\",\"expires_at\":[1]",
                "\"id\":\"a\",\"value\":\"v\",\"label\":null,\"role_id\":{}",
                "\"id\":17,\"value\":\"v\"",
                "\"id\":\"a\",\"value\":123456789",
                "\"id\":\"a\",\"value\":\"v\",\"big\":123456789012345678901234567890123456789012345678901234567890e99"
            })
    void anOddMintIsUsable(String fields) {
        server.handler(RawServer.says("201 Created", "{\"ok\":true,\"response\":{" + fields + "}}"));
        assertThat(client().create(TOKEN).join()).isInstanceOf(Done.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\":\"a\"",
                "\"id\":\"a\",\"value\":null",
                "\"id\":\"a\",\"value\":\"\"",
                "\"id\":\"a\",\"value\":{\"jwt\":\"x\"}",
                "\"id\":\"a\",\"value\":[\"x\"]"
            })
    void aMintWithoutValueSaysItsId(String fields) {
        server.handler(RawServer.says("200 OK", "{\"ok\":true,\"response\":{" + fields + "}}"));
        assertThat(client().create(TOKEN).join())
                .isInstanceOfSatisfying(
                        Unsure.class, unsure -> assertThat(unsure.made().id()).isEqualTo("a"));
    }

    /** The end of the answer is lost, but the id had come. */
    @Test
    void aMintOfWhichTheEndIsCutIsUnsure() {
        server.handler((request, out, socket) -> {
            out.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":true,\"response\":{\"id\":\"a\",\"value\":\"v"
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            return false;
        });
        assertThat(client().create(TOKEN).join()).isInstanceOf(Unsure.class);
    }

    // ---- section 3

    private static String date(Instant at) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    /** Qwiet says until when by its own clock, which it names in the same answer. */
    @ParameterizedTest
    @ValueSource(longs = {-5, 5})
    void aRetryAfterThatIsADateIsByQwietsClock(long hours) {
        Instant here = Instant.parse("2026-08-03T10:00:00Z");
        Instant there = here.plus(Duration.ofHours(hours));
        try (var skewed = new QwietClients(
                Clock.fixed(here, ZoneOffset.UTC), new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1)))) {
            server.handler(RawServer.says(
                    "429 Too many", "{}", "Date: " + date(there), "Retry-After: " + date(there.plusSeconds(60))));
            Duration wait = client(skewed).delete("a-1").join().retryAfter();
            assertThat(wait).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(70));
        }
    }

    @Test
    void aRefusedClassKnowsItsStatus() {
        server.handler(RawServer.says("400 Bad", "{\"ok\":false,\"code\":\"INVALID\",\"message\":\"no\"}"));
        assertThat(client().create(TOKEN).join()).isInstanceOf(Refused.class);
    }
}
