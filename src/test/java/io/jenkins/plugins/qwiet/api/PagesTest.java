package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Canned.Answer;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.QwietClient.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a list is the whole. Qwiet's description knows no pages; whoever adds them will not ask this plugin. */
class PagesTest {
    private static final String ONE = "{\"ok\":true,\"response\":[{\"id\":\"a\"}]";

    @RegisterExtension
    private final Canned server = new Canned();

    private final List<String> ids = new ArrayList<>();

    private Outcome<Listed> list() {
        return server.client()
                .list(ListQuery.LIVE, new Listing() {
                    @Override
                    public void restart() {
                        ids.clear();
                    }

                    @Override
                    public void accept(Token token) {
                        ids.add(token.id());
                    }
                })
                .join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"next_page\": 2",
                "\"nextPage\": \"2\"",
                "\"next_page_token\": \"x\"",
                "\"next_cursor\": \"x\"",
                "\"cursor\": \"x\"",
                "\"next\": {\"offset\": 1}",
                "\"next\": {\"href\": \"https://elsewhere.example/api?page=2\"}",
                "\"has_more\": true",
                "\"hasMore\": \"true\"",
                "\"has_next\": 1",
                "\"more\": true",
                "\"truncated\": true",
                "\"is_truncated\": true",
                "\"partial\": true",
                "\"incomplete_results\": true",
                "\"continuation_token\": \"x\"",
                "\"overflow\": true",
                "\"capped\": \"yes\"",
                "\"status\": \"partial\"",
                "\"result\": \"INCOMPLETE\"",
                "\"omitted\": 1",
                "\"skipped\": 1",
                "\"errors\": [{\"shard\": 3, \"message\": \"too late\"}]",
                "\"timed_out\": true",
                "\"stale\": true",
                "\"total\": 2",
                "\"total_count\": \"2\"",
                "\"count\": 2",
                "\"pages\": 2, \"page\": 1",
                "\"limit\": 1",
                "\"meta\": {\"pagination\": {\"total_pages\": 2}}",
                "\"pagination\": {\"has_more\": true}",
                "\"paging\": {\"next\": \"x\"}",
                "\"page_info\": {\"hasNextPage\": true}",
                "\"links\": {\"next\": \"https://elsewhere.example/\"}",
                "\"links\": {\"self\": \"/\", \"last\": \"?page=7\"}",
                "\"links\": {\"first\": {\"href\": \"?page=1\"}, \"last\": {\"href\": \"?page=7\"}}",
                "\"links\": [{\"rel\": \"last\", \"href\": \"?page=7\"}]",
                "\"links\": [{\"rel\": \"self\", \"href\": \"/\"}, {\"rel\": \"next\", \"href\": \"/elsewhere\"}]"
            })
    void aListWithMoreToComeIsNotTheWhole(String sign) {
        server.says(Answer.json(ONE + "," + sign + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(1, false)));
        server.says(Answer.json("{" + sign + "," + ONE.substring(1) + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(1, false)));
        assertThat(server.asked()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"next_page\": null",
                "\"next_page\": \"\"",
                "\"next_page\": 0",
                "\"next\": {}",
                "\"next\": []",
                "\"has_more\": false",
                "\"has_more\": \"false\"",
                "\"cursor\": null",
                "\"total\": 1",
                "\"total\": null",
                "\"limit\": 100",
                "\"page\": 1, \"pages\": 1",
                "\"page\": 1, \"per_page\": 100, \"total\": 1",
                "\"pagination\": {\"has_more\": false, \"total\": 1}",
                "\"links\": [{\"rel\": \"self\", \"href\": \"/\"}, {\"rel\": \"FIRST\", \"href\": \"/\"}, {}]",
                "\"links\": {\"first\": \"?page=1\", \"last\": \"?page=1\", \"next\": null}",
                "\"status\": \"success\"",
                "\"result\": \"complete\"",
                "\"skipped\": 0",
                "\"errors\": []",
                "\"errors\": null",
                "\"timedOut\": false",
                "\"stale\": \"no\"",
                "\"prev_cursor\": \"x\"",
                "\"message\": \"All tokens of your organization were retrieved successfully.\"",
                "\"success\": true",
                "\"code\": 200",
                "\"request_id\": \"7f-1\"",
                "\"api_version\": \"4.1\"",
                "\"truncated\": false",
                "\"was_capped\": false",
                "\"meta\": null",
                "\"meta\": []",
                "\"meta\": {}",
                "\"meta\": [{\"total\": 1}, {\"request_id\": 7}]"
            })
    void aListThatSaysThatItEndsIsTheWhole(String sign) {
        server.says(Answer.json(ONE + "," + sign + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(1, true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Link: </elsewhere>; rel=\"next\"",
                "Link: <?page=1>; rel=prev, <https://elsewhere.example/?page=2>; title=x; rel=\"last next\"",
                "X-Next-Page: 2",
                "X-Total-Count: 2",
                "Content-Range: items 0-0/2",
                "Content-Range: items 0-0/*",
                "Link: </elsewhere>; REL=NEXT",
                "link: </elsewhere>; rel=NEXT",
                "Total-Count: 2",
                "Total: 2",
                "Next-Page: 2",
                "Next-Cursor: abc",
                "Has-More: true",
                "Was-Capped: true",
                "X-Was-Capped: 1",
                "X-Stale: true",
                "Partial: yes",
                "X-List-Limited: true",
                "Page-Count: 2"
            })
    void aHeaderSaysSoToo(String header) {
        String name = header.substring(0, header.indexOf(':'));
        server.says(new Answer(200, ONE + "}", Map.of(name, header.substring(name.length() + 2))));
        assertThat(list()).isEqualTo(new Done<>(new Listed(1, false)));
        assertThat(server.asked()).hasSize(1);
    }

    private Answer page(int number, int last, boolean inHeader) {
        String token = "{\"ok\":true,\"response\":[{\"id\":\"" + number + "\"}], \"total\": " + last;
        String next = server.address() + "/orgs/" + Canned.ORG + "/tokens?page=" + (number + 1);
        if (number == last) {
            return Answer.json(token + "}");
        }
        return inHeader
                ? new Answer(200, token + "}", Map.of("Link", "<" + next + ">; rel=\"next\""))
                : Answer.json(token + ",\"next_page\":\"" + next + "\"}");
    }

    private static int number(String query) {
        return query.startsWith("page=") ? Integer.parseInt(query.substring(5)) : 1;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pagesOfTheSameListAreFollowed(boolean inHeader) {
        server.says(query -> page(number(query), 5, inHeader));
        assertThat(list()).isEqualTo(new Done<>(new Listed(5, true)));
        assertThat(ids).containsExactly("1", "2", "3", "4", "5");
    }

    /** As of servers whose links have the page's number alone: another query lists other tokens. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "?page=2",
                "?page=2&token_type=access",
                "?token_type=integration&page=2",
                "?page=2&show_expired",
                "?cursor=a%2Fb%3D%3D&x=1"
            })
    void aNextPageIsAskedForAsTheFirstOne(String link) {
        server.says(query -> Answer.json(
                query.startsWith("show_expired") ? ONE + ",\"next_page_url\":\"" + link + "\"}" : ONE + "}"));
        server.client().list(ListQuery.LIVE, token -> {}).join();
        String added = (link.contains("show_expired") ? "" : "&show_expired=false")
                + (link.contains("token_type") ? "" : "&token_type=access");
        assertThat(server.asked().get(1)).isEqualTo("GET /orgs/" + Canned.ORG + "/tokens" + link + added);
    }

    /** Its address has more than the link to the last page, but it is that page. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLastPageIsKnownByALinkThatDropsTheQuery(boolean isLast) {
        String last = ",\"links\":{\"last\":\"?page=" + (isLast ? 2 : 3) + "\"";
        server.says(query -> Answer.json("{\"ok\":true,\"response\":[{\"id\":\"" + number(query) + "\"}]" + last
                + (number(query) == 1 ? ",\"next\":\"?page=2\"}}" : "}}")));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, isLast)));
    }

    private Answer firstOfTwo(String sign, String header) {
        String next = server.address() + "/orgs/" + Canned.ORG + "/tokens?page=2";
        Map<String, String> headers = header.isEmpty()
                ? Map.of()
                : Map.of(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        String more = sign.isEmpty() ? "" : "," + sign;
        return new Answer(200, ONE + ",\"next_page\":\"" + next + "\"" + more + "}", headers);
    }

    /** What says that something is missing, or old, counts on whichever page it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"partial\": true",
                "\"truncated\": true",
                "\"results\": {\"isTruncated\": true}",
                "\"incomplete_results\": true",
                "\"timed_out\": true",
                "\"errors\": [\"shard 3\"]",
                "\"stale\": true",
                "\"skipped\": 1",
                "\"warnings\": [\"list truncated\"]",
                "\"status\": \"partial\"",
                "\"total\": 3",
                "\"pages\": 3"
            })
    void whatAFollowedPageSaysOfItselfIsNotForgotten(String sign) {
        server.says(query -> number(query) == 1 ? firstOfTwo(sign, "") : Answer.json(ONE + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Age: 700",
                "X-Cache: HIT",
                "Warning: 110 - \"Response is Stale\"",
                "Content-Range: items 0-0/*",
                "X-Truncated: true",
                "X-Total-Count: 3"
            })
    void whatTheHeadersOfAFollowedPageSayIsNotForgotten(String header) {
        server.says(query -> number(query) == 1 ? firstOfTwo("", header) : Answer.json(ONE + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, false)));
    }

    @ParameterizedTest
    @ValueSource(ints = {203, 206})
    void aFollowedPageOfAnotherStatusIsNotForgotten(int status) {
        server.says(query ->
                number(query) == 1 ? new Answer(status, firstOfTwo("", "").body(), Map.of()) : Answer.json(ONE + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"has_more\": true",
                "\"last\": false",
                "\"cursor\": \"x\"",
                "\"pages\": 2, \"page\": 1",
                "\"total\": 2",
                "\"limit\": 1",
                "\"remaining\": 1"
            })
    void thatThereIsMoreIsNoSignWhereItWasRead(String sign) {
        server.says(
                query -> number(query) == 1 ? firstOfTwo(sign, "") : Answer.json(ONE.replace("\"a\"", "\"b\"") + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, true)));
    }

    /** Pages overlap, or something lists one twice: as many as there are in all are not all. */
    @ParameterizedTest
    @ValueSource(strings = {"\"total\": 2", "\"count\": 2", "\"meta\": {\"total_count\": 2}"})
    void theSameTokenTwiceIsOne(String sign) {
        server.says(query -> number(query) == 1 ? firstOfTwo(sign, "") : Answer.json(ONE + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, false)));
        server.says(Answer.json("{\"ok\":true,\"response\":[{\"id\":\"a\"},{\"id\":\"a\"}]," + sign + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, false)));
    }

    /** As above, where Jenkins learns it only when it asks for something else because of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"tokens:list\"] | \"zzz\": \"x y\" | true",
                "[\"tokens:list\"] | \"zzz\": \"x\" | false",
                "[\"tokens:list\"] | \"note\": \"Served by Zeus\" | false",
                "[] | \"zzz\": \"x y\" | false",
                "[{\"id\": \"a\"}] | \"zzz\": \"x y\" | false"
            })
    void somethingElseIsAskedForWhereAListSaysWhatIsNotKnown(String what) {
        String[] parts = what.split(" [|] ");
        server.says(query -> query.isEmpty()
                ? Answer.json("{\"ok\":true,\"response\":" + parts[0] + "," + parts[1] + "}")
                : Answer.json(ONE + ",\"zzz\": \"x y\"}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(1, Boolean.parseBoolean(parts[2]))));
        assertThat(server.asked()).hasSize(2);
        assertThat(server.asked().get(1)).endsWith("/my_scopes");
    }

    /** A gateway adds it to each answer: so it says nothing of a list. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"gateway\": {\"tier\": \"gold\", \"visit\": 17} | \"gateway\": {\"tier\": \"gold\", \"visit\": 18} | true",
                "\"note\": \"Served by Zeus\" | \"note\": \"Served by Zeus\" | true",
                "\"note\": \"Served by Zeus\" | \"note\": \"Served in part\" | false",
                "\"zzz\": false | \"zzz\": true | false",
                "\"zzz\": \"v1\" | \"yyy\": \"v1\" | false",
                "\"has_more\": true | \"has_more\": true | false"
            })
    void whatStandsInAnyAnswerIsNoSign(String what) {
        String[] parts = what.split(" [|] ");
        server.says(Answer.json("{\"ok\":true,\"response\":{\"id\":\"t\",\"value\":\"v\"}," + parts[0] + "}"));
        var client = server.client();
        assertThat(client.create(new NewToken("label", "", java.time.Duration.ofHours(1)))
                        .join())
                .isInstanceOf(Done.class);
        server.says(Answer.json(ONE + "," + parts[1] + "}"));
        assertThat(client.list(ListQuery.LIVE, token -> {}).join())
                .isEqualTo(new Done<>(new Listed(1, Boolean.parseBoolean(parts[2]))));
    }

    @Test
    void aPageThatIsTriedAgainIsSeenOnce() {
        var tries = new AtomicInteger();
        server.says(query -> query.equals("page=2") && tries.getAndIncrement() == 0
                ? new Answer(429, "", Map.of("Retry-After", "0"))
                : page(number(query), 3, true));
        assertThat(list()).isEqualTo(new Done<>(new Listed(3, true)));
        assertThat(ids).containsExactly("1", "2", "3");
    }

    @Test
    void aPageThatFailsFailsTheList() {
        server.says(query -> query.equals("page=2") ? new Answer(500, "", Map.of()) : page(number(query), 3, true));
        assertThat(list()).isInstanceOf(Unsure.class);
    }

    @Test
    void pagesWithoutAnEndAreNotTheWhole() {
        server.says(query -> page(number(query), Integer.MAX_VALUE, true));
        assertThat(list()).isEqualTo(new Done<>(new Listed(1000, false)));
    }

    @Test
    void pagesThatGoInCirclesAreNotTheWhole() {
        server.says(query -> page(number(query) % 3, Integer.MAX_VALUE, true));
        assertThat(list())
                .isInstanceOfSatisfying(
                        Done.class,
                        done -> assertThat(done.value())
                                .isInstanceOfSatisfying(
                                        Listed.class,
                                        listed -> assertThat(listed.whole()).isFalse()));
        assertThat(server.asked()).hasSizeLessThan(6);
    }

    /** A server that forgot to leave pages out does not get the bearer sent elsewhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.example/orgs/" + Canned.ORG + "/tokens?page=2",
                "http://localhost/orgs/" + Canned.ORG + "/tokens?page=2",
                "//elsewhere.example/orgs/" + Canned.ORG + "/tokens?page=2",
                "/orgs/another/tokens?page=2",
                "../tokens?page=2",
                "/orgs/" + Canned.ORG + "/my_scopes?page=2"
            })
    void nothingButTheSameListIsFollowed(String next) {
        server.says(Answer.json(ONE + ",\"next\":\"" + next + "\"}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(1, false)));
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aTokenWithoutAnIdIsAGap() {
        server.says(Answer.json("{\"ok\":true,\"response\":[{\"id\":\"a\"},{\"label\":\"x\"},null,{\"id\":\"b\"}]}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, false)));
        assertThat(ids).containsExactly("a", "b");
        server.says(Answer.json("{\"ok\":true,\"response\":[{\"label\":\"x\"}]}"));
        assertThat(list()).isInstanceOf(Unsure.class);
    }

    @Test
    void aListOfAHundredThousandIsReadWhole() {
        String tokens = IntStream.range(0, 100_000)
                .mapToObj(i -> "{\"id\":\"" + i + "\"}")
                .collect(Collectors.joining(","));
        server.says(Answer.json("{\"ok\":true,\"response\":[" + tokens + "]}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(100_000, true)));
    }

    private static final String TWO = "{\"ok\":true,\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]";

    /** Words of another kind beside one that says it, a page alone, and numbers that are not of all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"next_page_start\": 2",
                "\"nextPageStart\": 2",
                "\"next_start\": 2",
                "\"nextStartKey\": \"x\"",
                "\"next_before\": \"x\"",
                "\"page\": 2, \"pages\": 2",
                "\"page\": 3, \"total_pages\": 3",
                "\"page\": 2",
                "\"limit\": 2, \"count\": 2",
                "\"per_page\": 2, \"count\": 2",
                "\"pagination\": {\"page\": 1, \"limit\": 2, \"count\": 2}",
                "\"isLast\": 0",
                "\"isLast\": \"no\"",
                "\"complete\": \"no\"",
                "\"upstream_truncated\": true",
                "\"upstream_partial\": true",
                "\"upstream\": {\"truncated\": true}",
                "\"cache\": {\"stale\": true}",
                "\"limited\": true",
                "\"limit_reached\": true",
                "\"limit_exceeded\": true",
                "\"warnings\": [{\"message\": \"list was truncated\"}]",
                "\"error\": \"shard 3 did not answer\"",
                "\"error\": {\"message\": \"shard 3 did not answer\"}",
                "\"failed_shards\": 1",
                "\"missing\": 3",
                "\"degraded\": true",
                "\"total\": \"2+\"",
                "\"total\": \">2\"",
                "\"total\": \"1,234\"",
                "\"total\": \"about 20\"",
                "\"total\": {\"value\": 2, \"relation\": \"gte\"}",
                "\"was_capped\": true",
                "\"list_was_shortened\": true",
                "\"some_are_not_shown\": 1",
                "\"showing\": \"the first 2\"",
                "\"everything\": false",
                "\"all\": false",
                "\"success\": false",
                "\"message\": \"Only the newest ones are shown\"",
                "\"message\": \"next\"",
                "\"status\": \"limited to what you may see\"",
                "\"status\": \"unvollst\u00e4ndig\"",
                "\"status\": {\"text\": \"part 1\"}",
                "\"warning\": \"299 - old\"",
                "\"notes\": [\"ask for the rest by mail\"]",
                "\"type\": \"partial_list\"",
                "\"meta\": [\"2 of 7\"]",
                "\"meta\": [{\"total\": 7}]",
                "\"meta\": [[{\"total\": 7}]]",
                "\"meta\": [{\"name\": \"total\", \"value\": 7}]",
                "\"meta\": {\"a\": {\"b\": {\"c\": {\"d\": {\"e\": {\"total\": 7}}}}}}",
                "\"links\": [{\"rel\": \"NEXT\", \"href\": \"/elsewhere\"}]",
                "\"links\": [{\"rel\": \"more-of-it\", \"href\": \"/elsewhere\"}]",
                "\"links\": {\"rel\": \"next\", \"href\": \"/elsewhere\"}",
                "\"zzz\": \"x\""
            })
    void aListThatMayBeAPartIsNotTheWhole(String sign) {
        server.says(Answer.json(TWO + "," + sign + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, false)));
    }

    /** Else no list would ever be whole, and no lease of a lost mint would end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Requests-Remaining: 59",
                "X-Remaining-Calls: 59",
                "X-Throttle-Remaining: 59",
                "X-Credits-Remaining: 59",
                "X-Session-Timeout-Remaining: 1200",
                "X-Tokens-Remaining: 59",
                "X-Query-Remaining: 59",
                "X-Query-Cost-Remaining: 59",
                "X-Status-Page-Url: https://status.example",
                "X-Error-Page-Url: https://error.example",
                "X-Homepage-Url: https://home.example",
                "X-Page-Id: 7f",
                "X-Response-Sync-Id: 7f",
                "X-Total-Time: 12",
                "X-Total-Requests: 7",
                "X-Query-Count: 3",
                "X-Object-Count: 3",
                "X-Connection-Count: 7",
                "X-Hop-Count: 7",
                "X-Middleware-Next: 1",
                "X-Limit: 1",
                "X-Trace: {\"id\":1}",
                "X-Auth-Info: {\"user\":1}"
            })
    void whatAGatewayAddsToEachAnswerIsNoSign(String header) {
        String[] parts = header.split(": ", 2);
        server.says(new Answer(200, TWO + "}", Map.of(parts[0], parts[1])));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, true)));
    }

    /** The whole, with all that says so. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"count\": 2",
                "\"itemsPerPage\": 100",
                "\"items_per_page\": 100",
                "\"limit\": 2, \"total\": 2",
                "\"page\": 1, \"pages\": 1, \"total\": {\"value\": 2, \"relation\": \"eq\"}",
                "\"error\": null",
                "\"upstream\": {\"ms\": 12}",
                "\"cache\": {\"stale\": false}",
                "\"rate_limit\": {\"limit\": 60, \"remaining\": 59}"
            })
    void whatSaysNothingElseIsNoSign(String sign) {
        server.says(Answer.json(TWO + "," + sign + "}"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, true)));
    }
}
