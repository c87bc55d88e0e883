package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OddValuesTest {
    @RegisterExtension
    final Canned qwiet = new Canned();

    /** A date and time without punctuation is no number since 1970: nothing ends in the year 2612 or 8390. */
    @ParameterizedTest
    @ValueSource(strings = {"20260801120000", "202608011200", "20260801120000.000"})
    void aTimeWithoutPunctuationIsNotTakenForANumber(String expiresAt) {
        End end = End.of(expiresAt);

        assertThat(end).isIn(End.UNKNOWN, End.at(java.time.Instant.parse("2026-08-01T12:00:00Z")));
    }

    /** What servers send for nothing: a time of zero. No token ended before this API was. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000+0000",
                "1970-01-01",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "1900-01-01T00:00:00Z",
                "1969-12-31T23:59:59Z"
            })
    void theBeginningOfACalendarIsNoEndOfAToken(String expiresAt) {
        assertThat(End.of(expiresAt).at()).isNull();
    }

    /** Two boxes, each with a header of its own: who asks for more patience is obeyed. */
    @ParameterizedTest
    @CsvSource({"600, 0", "0, 600", "600, soon", "soon, 600"})
    void twoHeadersThatAskToWait(String one, String two) throws IOException {
        assertThat(retryAfter(Headers.of("Retry-After", one)
                        .newBuilder()
                        .add("Retry-After", two)
                        .build()))
                .isEqualTo(Duration.ofMinutes(10));
    }

    /** As proxies join two lines. */
    @Test
    void twoHeadersOnOneLine() throws IOException {
        assertThat(retryAfter(Headers.of("Retry-After", "600, 600"))).isEqualTo(Duration.ofMinutes(10));
    }

    private static Duration retryAfter(Headers headers) throws IOException {
        var response = new Response.Builder()
                .request(new Request.Builder().url("https://qwiet.example/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(503)
                .message("")
                .headers(headers)
                .body(ResponseBody.create("", (MediaType) null))
                .build();
        ResponseReader.Body<String> body = InputStream::toString;
        return new ResponseReader(Clock.systemUTC(), SecretText.of("bearer"))
                .read(response, body, UnaryOperator.identity())
                .retryAfter();
    }

    /** Something odd beside the token makes nothing of it unreadable. */
    @Test
    void whatIsNestedDeepBesideATokenIsPassedOver() {
        qwiet.says(
                200,
                "{\"ok\":true,\"response\":{\"id\":\"token-1\",\"value\":\"v\"},\"debug\":" + "[".repeat(100_000)
                        + "]".repeat(100_000) + "}");

        var minted = qwiet.client().create(new NewToken("l", "d", Duration.ofHours(1)));

        assertThat(minted).succeedsWithin(Duration.ofSeconds(20)).isInstanceOf(Outcome.Done.class);
    }

    /** One place has one address, however it was typed. */
    @ParameterizedTest
    @CsvSource({
        "https://qwiet.example./api/v4, https://qwiet.example/api/v4",
        "https://QWIET.example.:443/api/v4/, https://qwiet.example/api/v4",
        "https://qwiet.m\u00fcller.example/api/v4, https://qwiet.xn--mller-kva.example/api/v4",
        "https://xn--MLLER-kva.example/api/v4, https://xn--mller-kva.example/api/v4"
    })
    void anAddressIsTheSameHoweverItWasTyped(String typed, String same) {
        assertThat(ApiAddress.parse(typed)).isEqualTo(ApiAddress.parse(same));
    }
}
