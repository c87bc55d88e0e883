package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

class OddInputTest {
    @RegisterExtension
    final Canned qwiet = new Canned();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://qwiet_api.example/api/v4",
                "https://qwiet_api/api/v4",
                "https://QWIET_api.example:443/api/v4/"
            })
    void aHostWithAnUnderscoreIsAHost(String typed) {
        ApiAddress address = ApiAddress.parse(typed);
        assertThat(address.host()).startsWith("qwiet_api");
    }

    @ParameterizedTest
    @CsvSource({
        "http://[0:0:0:0:0:0:0:1]:8080/api/v4, http://[::1]:8080/api/v4",
        "http://localhost.:8080/api/v4, http://localhost:8080/api/v4",
        "https://qwiet.example:0443/api/v4, https://qwiet.example/api/v4",
        "https://qwiet.example/api/./v4, https://qwiet.example/api/v4",
        "https://qwiet.example/x/../api/v4, https://qwiet.example/api/v4",
        "https://qwiet。example/api/v4, https://qwiet.example/api/v4"
    })
    void anAddressIsTheSameHoweverItWasTyped(String typed, String same) {
        assertThat(ApiAddress.parse(typed)).isEqualTo(ApiAddress.parse(same));
    }

    @ParameterizedTest
    @CsvSource({"1.5, 2", "120.0, 120", "120s, 120", "' 120 ', 120", "+120, 120", "120;comment, 120"})
    void aRetryAfterThatIsNearlyANumber(String header, long seconds) throws IOException {
        var response = new Response.Builder()
                .request(new Request.Builder().url("https://qwiet.example/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(503)
                .message("")
                .headers(Headers.of("Retry-After", header))
                .body(ResponseBody.create("", (MediaType) null))
                .build();
        ResponseReader.Body<String> body = InputStream::toString;
        assertThat(new ResponseReader(Clock.systemUTC(), SecretText.of("bearer"))
                        .read(response, body, UnaryOperator.identity())
                        .retryAfter())
                .isBetween(Duration.ofSeconds(seconds).minusMillis(500), Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20260801T120000Z", "20260801T120000+0000", "20260801T1200Z", "2026-08-01T12:00:00 UTC"})
    void aTimeInTheBasicFormat(String text) {
        assertThat(End.of(text)).isEqualTo(End.at(Instant.parse("2026-08-01T12:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "0000-00-00 00:00:00",
                "0000-00-00T00:00:00Z",
                "9999-12-31",
                "253402300799",
                "253402300799000",
                "9223372036854775807",
                "-1",
                "-62135596800",
                "2038-01-19T03:14:07Z",
                "infinity",
                "Infinity",
                "none",
                "N/A",
                "-",
                "+292278994-08-17T07:12:55.807Z",
                "9999-12-31T23:59:59+14:00"
            })
    void whatServersSendForNothingIsNoTimeWithinReason(String text) {
        End end = End.of(text);
        if (end.at() != null) {
            assertThat(end.at()).isEqualTo(Instant.parse("2038-01-19T03:14:07Z"));
        }
    }

    /** An answer of each kind names how many it has; the list of tokens has only two of 250. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "matched",
                "size",
                "length",
                "quantity",
                "num",
                "n",
                "sum",
                "overall",
                "amount",
                "cardinality",
                "recordsFiltered",
                "nbHits",
                "population",
                "cnt",
                "qty",
                "matches",
                "totalHits",
                "card",
                "volume",
                "elements_total",
                "itemsInAll",
                "universe",
                "full_size",
                "listSize",
                "anzahl"
            })
    void howManyThereAreInEachAnswer(String name) {
        qwiet.says(query -> Canned.Answer.json(
                "{\"ok\":true,\"" + name + "\":1,\"response\":{\"id\":\"token-1\",\"value\":\"v\"}}"));
        QwietClient client = qwiet.client();
        client.create(new NewToken("label", "", Duration.ofHours(1))).join();
        qwiet.says(query -> Canned.Answer.json(
                query.isEmpty()
                        ? "{\"ok\":true,\"" + name + "\":1,\"response\":[\"tokens:list\"]}"
                        : "{\"ok\":true,\"" + name + "\":250,\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]}"));
        Outcome<Listed> listed = client.list(ListQuery.LIVE, token -> {}).join();
        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(2, false)));
    }

    /** As widespread APIs put lists into pages. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"skip\":0,\"take\":2,\"hasNext\":true",
                "\"page\":{\"size\":2,\"totalElements\":250,\"totalPages\":125,\"number\":0}",
                "\"response_metadata\":{\"next_cursor\":\"dXNlcg==\"}",
                "\"meta\":{\"has_more\":true}",
                "\"end_of_stream\":false",
                "\"done\":false",
                "\"next_page_uri\":\"/x?page=2\"",
                "\"isLast\":false,\"startAt\":0,\"maxResults\":2",
                "\"metadata\":{\"continue\":\"abc\",\"remainingItemCount\":248}",
                "\"paging\":{\"cursors\":{\"before\":\"a\",\"after\":\"b\"}}",
                "\"_links\":{\"self\":{\"href\":\"/a\"},\"next\":{\"href\":\"/b\"}}",
                "\"links\":[{\"rel\":\"next\",\"href\":\"/b\"}]",
                "\"@odata.nextLink\":\"https://x/y\"",
                "\"@odata.count\":250",
                "\"offset\":\"itrXXXX/recYYY\"",
                "\"NextToken\":\"abc\"",
                "\"LastEvaluatedKey\":{\"id\":{\"S\":\"x\"}}",
                "\"pageInfo\":{\"endCursor\":\"x\",\"hasNextPage\":true}",
                "\"current_page\":1,\"last_page\":125",
                "\"meta\":{\"current_page\":1,\"last_page\":125}",
                "\"numFound\":250",
                "\"total_rows\":250,\"offset\":0",
                "\"size\":2,\"limit\":2,\"isLastPage\":false,\"start\":0",
                "\"_scroll_id\":\"DXF1ZXJ5\"",
                "\"hits\":{\"total\":250}",
                "\"iTotalRecords\":250",
                "\"pagination\":{\"page\":1,\"per_page\":2}",
                "\"pagination\":{\"offset\":0,\"limit\":2,\"count\":2}",
                "\"range\":\"0-1/250\"",
                "\"warnings\":[\"results were limited to 2\"]",
                "\"message\":\"showing 2 of 250\"",
                "\"sync_token\":\"x\",\"complete\":false",
                "\"state\":\"loading\"",
                "\"indexing\":true",
                "\"timed_out\":true,\"_shards\":{\"total\":5,\"failed\":1}",
                "\"took\":5,\"timed_out\":false,\"_shards\":{\"total\":5,\"successful\":4,\"skipped\":0,\"failed\":1}"
            })
    void aListInPages(String beside) {
        qwiet.says(query -> Canned.Answer.json(
                query.isEmpty()
                        ? "{\"ok\":true,\"response\":[\"tokens:list\"]}"
                        : "{\"ok\":true," + beside + ",\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]}"));
        Outcome<Listed> listed =
                qwiet.client().list(ListQuery.LIVE, token -> {}).join();
        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(2, false)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Total-Count|250",
                "X-Total|250",
                "X-Total-Pages|125",
                "X-Next-Page|2",
                "X-WP-Total|250",
                "X-WP-TotalPages|125",
                "X-Pagination-Total-Count|250",
                "X-Has-More|true",
                "Content-Range|tokens 0-1/250",
                "Content-Range|0-1/*",
                "X-Next-Cursor|abc",
                "Next-Range|id abc..",
                "X-Next-Token|abc",
                "Link|</x?page=2>; rel=\"next\"",
                "Link|</x?page=2>; rel=next",
                "X-Continuation|abc",
                "X-MS-Continuation|abc",
                "x-ms-continuationtoken|abc",
                "Total-Count|250",
                "X-Result-Count|250",
                "X-List-Total|250",
                "X-Page-Count|125",
                "X-Last-Page|125",
                "Pagination-Count|250",
                "X-Pagination|{\"total\":250}",
                "X-Truncated|true",
                "X-Partial-Results|true",
                "X-Results-Truncated|1",
                "X-Pagination-Has-More|true",
                "Pagination-Next|/x",
                "X-Cursor|abc",
                "X-Total-Results|250",
                "X-Record-Count|250",
                "X-Items-Total|250",
                "X-Collection-Total|250"
            })
    void aListInPagesByHeaders(String name, String value) {
        qwiet.says(query -> query.isEmpty()
                ? Canned.Answer.json("{\"ok\":true,\"response\":[\"tokens:list\"]}")
                : new Canned.Answer(
                        200, "{\"ok\":true,\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]}", Map.of(name, value)));
        Outcome<Listed> listed =
                qwiet.client().list(ListQuery.LIVE, token -> {}).join();
        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(2, false)));
    }

    @Test
    void aPolicyMayBeLong() {
        String policy = "default-src 'self' https://" + "x".repeat(PageHeaders.LONGEST);
        qwiet.says(query -> new Canned.Answer(
                200,
                "{\"ok\":true,\"response\":[{\"id\":\"a\"}]}",
                Map.of("Content-Security-Policy", policy, "Set-Cookie", policy)));
        Outcome<Listed> listed =
                qwiet.client().list(ListQuery.LIVE, token -> {}).join();
        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(1, true)));
    }

    /** What is longer than any that makes sense is not read, but the list is then not known to be whole. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Link|<", "Via|(", "Server-Timing|cache;", "X-Cache|hit ", "Age|1", "Warning|1"})
    void aHeaderThatIsTooLongIsNotRead(String name, String piece) {
        String value = piece.repeat(PageHeaders.LONGEST / piece.length() + 1);
        qwiet.says(query -> new Canned.Answer(200, "{\"ok\":true,\"response\":[{\"id\":\"a\"}]}", Map.of(name, value)));
        Outcome<Listed> listed =
                qwiet.client().list(ListQuery.LIVE, token -> {}).join();
        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(1, false)));
    }
}
