package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Canned.Answer;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers, and things in between, say beside what Qwiet's description says. */
class OddAnswersTest {
    private static final String NO = "{\"ok\":false,\"code\":\"NOPE\",\"message\":\"no\"}";

    @RegisterExtension
    private final Canned server = new Canned();

    private Outcome<MintedToken> mint() {
        return server.client().create(OverFake.TOKEN).join();
    }

    private Outcome<Boolean> delete() {
        return server.client().delete("some-id").join();
    }

    private List<Token> list(String tokens) {
        var listed = new ArrayList<Token>();
        server.says(Answer.json("{\"ok\":true,\"response\":[" + tokens + "]}"));
        assertThat(server.client().list(ListQuery.LIVE, listed::add).join()).isInstanceOf(Done.class);
        return listed;
    }

    /** Bytes as they come: not all of them are characters. */
    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Outcome<MintedToken> mint(String status, String body) throws Exception {
        byte[] bytes = latin(body);
        try (var raw = new RawServer((request, out, socket) -> {
                    out.write(latin("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                            + bytes.length + "\r\n\r\n"));
                    out.write(bytes);
                    out.flush();
                    return true;
                });
                var clients = new QwietClients(
                        Clock.systemUTC(), new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1)))) {
            var settings = new ConnectionSettings(Duration.ofSeconds(30), Duration.ofSeconds(30), null, "test");
            var organization = new Organization(ApiAddress.parse(raw.address()), Canned.ORG);
            return clients.client(settings, organization, SecretText.of("the-bearer-0123456789"))
                    .create(OverFake.TOKEN)
                    .join();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"label\":\"a\tb\"",
                "\"label\":\"a\nb\"",
                "\"label\":\"k\u00fcche\"",
                "\"description\":\"a\u0001b\"",
                "\"expires_at\":DIGITS",
                "\"scopes\":DEEP",
                "\"label\":NaN"
            })
    void aMintWithAnOddFieldIsOne(String field) throws Exception {
        String odd = field.replace("DIGITS", "1".repeat(1_200)).replace("DEEP", "[".repeat(1_100) + "]".repeat(1_100));

        var minted = mint("200 OK", "{\"ok\":true,\"response\":{\"id\":\"a\",\"value\":\"v\"," + odd + "}}");

        assertThat(minted).isInstanceOf(Done.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\tb", "k\u00fcche", "a\u0001b"})
    void aRefusalWithAnOddMessageIsOne(String message) throws Exception {
        var refused = mint("403 F", "{\"ok\":false,\"code\":\"NOPE\",\"message\":\"" + message + "\"}");

        assertThat(refused).isInstanceOf(Refused.class);
    }

    // Who refused.

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 405, 409, 410, 412, 413, 415, 418, 422, 423, 451, 499})
    void qwietsRefusalIsOne(int status) {
        server.says(status, NO);
        assertThat(mint()).isEqualTo(new Refused<>(status, "NOPE", "no", List.of()));
        assertThat(delete()).isEqualTo(new Refused<>(status, "NOPE", "no", List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 302, 307, 408, 425, 500, 502, 503, 504, 520, 599})
    void whatQwietSaysOtherwiseLeavesItOpen(int status) {
        server.says(status, NO);
        assertThat(mint()).isInstanceOf(Unsure.class);
        assertThat(delete()).isInstanceOf(Unsure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>blocked</html>",
                "{",
                "null",
                "[]",
                "\"no\"",
                "{}",
                "{\"code\":\"AccessDenied\",\"message\":\"no\"}",
                "{\"ok\":\"false\",\"code\":\"NOPE\"}",
                "{\"ok\":0,\"code\":\"NOPE\"}",
                "{\"ok\":null,\"code\":\"NOPE\"}",
                "{\"ok\":true,\"code\":\"NOPE\"}",
                "{\"ok\":false}",
                "{\"ok\":false,\"code\":403}",
                "{\"ok\":false,\"code\":null}",
                "{\"ok\":false,\"code\":\"\"}",
                "{\"error\":{\"ok\":false,\"code\":\"NOPE\"}}",
                "[{\"ok\":false,\"code\":\"NOPE\"}]"
            })
    void whatIsNotInQwietsEnvelopeIsNotQwiets(String body) {
        for (int status : new int[] {400, 401, 403, 404, 409, 410, 422}) {
            server.says(status, body);
            var expected =
                    new Unsure<>("HTTP " + status + " from something that is not Qwiet's API", Cause.INDETERMINATE);
            assertThat(mint()).isEqualTo(expected);
            assertThat(delete()).isEqualTo(expected);
            assertThat(server.client().list(ListQuery.LIVE, token -> {}).join()).isEqualTo(expected);
            assertThat(server.client().myScopes().join()).isEqualTo(expected);
        }
    }

    @Test
    void whenToAskAgainIsHandedOn() {
        server.says(new Answer(503, "", Map.of("Retry-After", "77")));
        assertThat(mint().retryAfter()).isEqualTo(Duration.ofSeconds(77));
        server.says(new Answer(403, NO, Map.of("Retry-After", "78")));
        assertThat(delete().retryAfter()).isEqualTo(Duration.ofSeconds(78));
        server.says(new Answer(429, "", Map.of("Retry-After", "79")));
        assertThat(delete().retryAfter()).isEqualTo(Duration.ofSeconds(79));
    }

    // What is gone.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"ok\":true}",
                "200 | {\"ok\":true,\"response\":null}",
                "200 | {\"ok\":\"true\"}",
                "200 | {}",
                "200 | {\"response\":{}}",
                "202 | {\"ok\":true}",
                "200 | ''",
                "200 | ' '",
                "204 | ''"
            })
    void gone(int status, String body) {
        server.says(status, body);
        assertThat(delete()).isEqualTo(new Done<>(true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ok\":false}",
                "{\"ok\":\"false\"}",
                "{\"ok\":0}",
                NO,
                "<html>Welcome to our WLAN</html>",
                "OK",
                "{\"ok\":tr"
            })
    void notGone(String body) {
        server.says(200, body);
        assertThat(delete()).isInstanceOf(Unsure.class);
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, There is no such token, true",
        "TOKEN_NOT_FOUND, '', true",
        "NOT_FOUND, Token not found, true",
        "NOT_FOUND, The token does not exist, true",
        "NOT_FOUND, Token could not be found in this organization, true",
        "TOKEN_NOT_FOUND, The CI token was already revoked., true",
        "NOT_FOUND, Token no longer exists, true",
        "NOT_FOUND, The token has been deleted, true",
        "NOT_FOUND, Unknown token, true",
        "NOT_FOUND, The token could not be deleted., false",
        "TOKEN_NOT_FOUND, Token was not deleted, false",
        "TOKEN_NOT_FOUND, The token has not been revoked, false",
        "NOT_FOUND, The token is not gone, false",
        "NOT_FOUND, The token could be deleted, false",
        "NOT_FOUND, The token does exist, false",
        "NOT_FOUND, The token is known, false",
        "NOT_FOUND, The token was found, false",
        "NOT_FOUND, The token is there, false",
        "NOT_FOUND, Token is no longer deleted, false",
        "NOT_FOUND, Token not unknown, false",
        "NOT_FOUND, The token is not already revoked, false",
        "NOT_FOUND, No such token deleted, false",
        "NOT_FOUND, There is no token, false",
        "NOT_FOUND, access token does not exist, false",
        "NOT_FOUND, Not found, false",
        "NOT_FOUND, There is no such organization, false",
        "ORG_NOT_FOUND, no organisation owns this token, false",
        "NOT_FOUND, There is nothing at this path, false",
        "ROUTE_NOT_FOUND, no route /orgs/x/tokens/y, false",
        "NOT_FOUND, The resource /api/v4/orgs/x/tokens/y was not found, false",
        "NOT_FOUND, The user of this token was not found, false",
        "NOT_FOUND, The bearer token is unknown, false"
    })
    void onlyA404AboutATokenSaysThatItIsGone(String code, String message, boolean gone) {
        server.says(404, "{\"ok\":false,\"code\":\"" + code + "\",\"message\":\"" + message + "\"}");
        assertThat(delete()).isEqualTo(gone ? new Done<>(false) : new Refused<>(404, code, message, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a%2f..", "é", "a?b", "a#b", "a;b", "..%2f"})
    void anIdThatIsNoneIsNotSent(String id) {
        assertThat(server.client().delete(id).join()).isInstanceOf(NotSent.class);
        assertThat(server.asked()).isEmpty();
    }

    // What was made.

    @Test
    void aLostValueLeavesTheId() {
        for (String value : List.of("", ",\"value\":null", ",\"value\":\" \"", ",\"value\":{}", ",\"value\":[\"x\"]")) {
            server.says(Answer.json("{\"ok\":true,\"response\":{\"id\":\"made-1\"" + value + "}}"));
            assertThat(mint())
                    .isInstanceOfSatisfying(
                            Unsure.class,
                            unsure -> assertThat(unsure.made().id()).isEqualTo("made-1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"..\"", "\"\"", "null", "{}", "\"a/b\"", "1.5", "\"a b\""})
    void aStrangeIdIsNotBelieved(String id) {
        server.says(Answer.json("{\"ok\":true,\"response\":{\"id\":" + id + ",\"value\":\"secret\"}}"));
        assertThat(mint()).isInstanceOfSatisfying(Unsure.class, unsure -> {
            assertThat(unsure.made()).isNull();
            assertThat(unsure.reason()).doesNotContain("secret");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"lorem ipsum\"",
                "-17",
                "0",
                "3600",
                "true",
                "false",
                "{}",
                "[1]",
                "\"0000-00-00\"",
                "1e99",
                "\"\\u0000\""
            })
    void anOddEndIsNoReasonToThrowATokenAway(String end) {
        server.says(Answer.json(
                "{\"ok\":true,\"response\":{\"id\":12,\"value\":345,\"label\":{},\"token_type\":\"new\",\"expires_at\":"
                        + end + "}}"));
        assertThat(mint()).isEqualTo(new Done<>(new MintedToken("12", SecretText.of("345"), End.UNKNOWN)));
        Token listed = list("{\"id\":12,\"label\":7,\"description\":null,\"role_id\":[],\"token_type\":{\"a\":1},"
                        + "\"expires_at\":" + end + "}")
                .get(0);
        assertThat(listed).isEqualTo(new Token("12", "7", "", "", "", null, true));
        assertThat(listed.neverExpires()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \"", "\"0001-01-01T00:00:00Z\"", "\"never\""})
    void noEndIsNever(String end) {
        assertThat(list("{\"id\":\"a\",\"expires_at\":" + end + "},{\"id\":\"b\"}"))
                .allMatch(Token::neverExpires);
    }

    /** Renewal would never end. */
    @Test
    void aTokenThatIsOverAsItIsMadeHasAnUnknownEnd() {
        server.says(
                Answer.json("{\"ok\":true,\"response\":{\"id\":\"a\",\"value\":\"b\",\"expires_at\":\"2020-01-01\"}}"));
        assertThat(mint()).isEqualTo(new Done<>(new MintedToken("a", SecretText.of("b"), End.UNKNOWN)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"2036-08-01\" | 2036-08-01T00:00:00Z",
                "\"20360801\" | 2036-08-01T00:00:00Z",
                "2101161600 | 2036-08-01T00:00:00Z",
                "2101161600.25 | 2036-08-01T00:00:00.250Z",
                "2.1011616e9 | 2036-08-01T00:00:00Z",
                "2101161600123 | 2036-08-01T00:00:00.123Z",
                "2101161600123456 | 2036-08-01T00:00:00.123456Z",
                "2101161600123456789 | 2036-08-01T00:00:00.123456789Z",
                "\"2101161600\" | 2036-08-01T00:00:00Z",
                "\"2101161600123\" | 2036-08-01T00:00:00.123Z",
                "\"2036-08-01T12:00:00\" | 2036-08-01T12:00:00Z",
                "\"2036-08-01T12:00\" | 2036-08-01T12:00:00Z",
                "\"2036-08-01 12:00:00\" | 2036-08-01T12:00:00Z",
                "\"2036-08-01 12:00:00 UTC\" | 2036-08-01T12:00:00Z",
                "\"2036-08-01 12:00:00 +0000 UTC\" | 2036-08-01T12:00:00Z",
                "\"2036-08-01 12:00:00.5+02\" | 2036-08-01T10:00:00.500Z",
                "\"2036-08-01T12:00:00+0200\" | 2036-08-01T10:00:00Z",
                "\"2036-08-01T12:00:00.1234567891Z\" | 2036-08-01T12:00:00.123456789Z",
                "\"2036-08-01T12:00:00.123456789123456789+01:00\" | 2036-08-01T11:00:00.123456789Z",
                "\"2036-08-01T12:00:00,5Z\" | 2036-08-01T12:00:00.500Z",
                "\"2036-12-31T23:59:60Z\" | 2036-12-31T23:59:59Z",
                "\"2036-08-01T24:00:00Z\" | 2036-08-02T00:00:00Z",
                "\"2036-08-01t12:00:00z\" | 2036-08-01T12:00:00Z",
                "\"2036-08-01T12:00:00+02:00[Europe/Berlin]\" | 2036-08-01T10:00:00Z",
                "\" 2036-08-01T12:00:00Z \" | 2036-08-01T12:00:00Z",
                "\"Fri, 01 Aug 2036 12:00:00 GMT\" | 2036-08-01T12:00:00Z",
                "\"Fri Aug 1 12:00:00 UTC 2036\" | 2036-08-01T12:00:00Z"
            })
    void aTimeOfAnyFormIsRead(String end, Instant expected) {
        assertThat(list("{\"id\":\"a\",\"expires_at\":" + end + "}").get(0).expiresAt())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2036-13-01", "2036-02-30", "2036-08-01T25:00:00Z", "08/01/2036", "tomorrow", "2036"})
    void whatIsNoTimeIsUnknown(String end) {
        assertThat(list("{\"id\":\"a\",\"expires_at\":\"" + end + "\"}").get(0).endUnknown())
                .isTrue();
    }

    @Test
    void aVeryLongEndTakesNoTime() {
        assertThat(list("{\"id\":\"a\",\"expires_at\":\"" + "1".repeat(1_000_000) + "\"}")
                        .get(0)
                        .endUnknown())
                .isTrue();
    }

    @Test
    void nothingMayBeWrittenAsNull() {
        server.says(Answer.json("{\"ok\":true,\"response\":null}"));
        assertThat(server.client().list(ListQuery.LIVE, token -> {}).join()).isEqualTo(new Done<>(new Listed(0, true)));
        assertThat(server.client().myScopes().join()).isEqualTo(new Done<>(Set.of()));
    }

    /** As Python writes what has no end, and other numbers and depths that a parser may refuse. */
    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e400", "[[[]]]", "long", "deep"})
    void anOddEndOfOneTokenHidesNoOther(String end) {
        String odd =
                switch (end) {
                    case "long" -> "1".repeat(20_000);
                    case "deep" -> "[".repeat(20_000) + "]".repeat(20_000);
                    default -> end;
                };
        assertThat(list("{\"id\":\"odd\",\"expires_at\":" + odd + "},{\"id\":\"a\"}"))
                .extracting(Token::id)
                .containsExactly("odd", "a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e400"})
    void aMintWithAnOddEndIsOne(String end) {
        server.says(
                Answer.json("{\"ok\":true,\"response\":{\"id\":\"a\",\"value\":\"v\",\"expires_at\":" + end + "}}"));
        assertThat(mint())
                .isInstanceOfSatisfying(
                        Done.class,
                        done -> assertThat(((MintedToken) done.value()).end()).isEqualTo(End.UNKNOWN));
    }

    /** "Never", as languages write it in numbers, is no time long ago. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "253402300799",
                "\"253402300799\"",
                "253402214400",
                "253402300799999",
                "253402300799999999",
                "9223372036854775807",
                "18446744073709551615",
                "4102444800",
                "4102444800000"
            })
    void aNumberOfTheFarFutureIsNotOver(String end) {
        Instant at = list("{\"id\":\"a\",\"expires_at\":" + end + "}").get(0).expiresAt();
        assertThat(at == null || at.isAfter(Instant.parse("2099-01-01T00:00:00Z")))
                .as("%s", at)
                .isTrue();
    }
}
