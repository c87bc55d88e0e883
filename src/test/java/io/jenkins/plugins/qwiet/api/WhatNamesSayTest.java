package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;

/** What names of headers and fields say of a list, and what they do not say, whoever adds them. */
class WhatNamesSayTest {
    private static boolean whole(Headers headers) {
        var paging = new Paging();
        paging.see(
                HttpUrl.get("https://q.example/"),
                new Response.Builder()
                        .request(new Request.Builder().url("https://q.example/").build())
                        .protocol(Protocol.HTTP_1_1)
                        .code(200)
                        .message("")
                        .headers(headers)
                        .body(ResponseBody.create("", (MediaType) null))
                        .build(),
                null,
                null);
        return paging.isWhole(2, 2, 1) && paging.unknown().isEmpty();
    }

    private static boolean wholeBody(String field) throws Exception {
        String json = "{\"ok\":true," + field + ",\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]}";
        return ResponseBodies.tokens(new ByteArrayInputStream(json.getBytes("UTF-8")), t -> {})
                .whole();
    }

    private static final String LONG = "x".repeat(6_000);

    @Test
    void ordinaryHeadersSayNothing() {
        String[][] all = {
            {"X-Request-Id", "7f9c"},
            {"CF-Ray", "8f-AMS"},
            {"CF-Cache-Status", "DYNAMIC"},
            {"X-Envoy-Upstream-Service-Time", "12"},
            {"X-Envoy-Attempt-Count", "1"},
            {"X-Envoy-Decorator-Operation", "qwiet.svc:80/*"},
            {"X-Envoy-Upstream-Host", "10.0.0.1:80"},
            {"X-Envoy-Overloaded", "true"},
            {"X-Envoy-Response-Flags", "-"},
            {"X-Envoy-Degraded", "false"},
            {"X-Kong-Upstream-Latency", "250"},
            {"X-Kong-Proxy-Latency", "250"},
            {"X-Kong-Request-Id", "a"},
            {"X-Kong-Response-Latency", "3"},
            {"Server-Timing", "cdn-cache; desc=MISS, edge; dur=250, total;dur=250"},
            {"traceparent", "00-a-b-01"},
            {"tracestate", "x=1"},
            {"X-RateLimit-Limit", "250"},
            {"X-RateLimit-Remaining", "249"},
            {"X-RateLimit-Reset", "1700000000"},
            {"RateLimit", "limit=100, remaining=50, reset=5"},
            {"RateLimit-Policy", "100;w=60"},
            {"X-RateLimit-Remaining-Minute", "59"},
            {"X-Rate-Limit-Remaining", "5"},
            {"X-App-Rate-Limit-Count", "5:60"},
            {"X-RateLimit-Remaining-Tokens", "3999"},
            {"X-RateLimit-Burst-Capacity", "250"},
            {"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
            {"Set-Cookie", "a=" + LONG},
            {"Content-Security-Policy", LONG},
            {"Report-To", "{\"group\":\"default\",\"max_age\":1,\"endpoints\":[{\"url\":\"https://x/page\"}]}"},
            {"NEL", "{\"success_fraction\":0}"},
            {"Reporting-Endpoints", "default=\"https://x/next\""},
            {"Permissions-Policy", LONG},
            {"Alt-Svc", "h3=\":443\"; ma=86400"},
            {"X-Runtime", "0.25"},
            {"X-Powered-By", "Next.js"},
            {"X-Page-Speed", "1.13"},
            {"X-Mod-Pagespeed", "1.13"},
            {"X-Amz-Cf-Id", "a"},
            {"X-Amz-Cf-Pop", "AMS"},
            {"X-Amzn-RequestId", "a"},
            {"X-Amz-Apigw-Id", "a"},
            {"X-Amzn-Trace-Id", "Root=1"},
            {"X-Amzn-Remapped-Content-Length", "250"},
            {"X-Amz-Id-2", "a"},
            {"X-Amz-Request-Id", "a"},
            {"X-MS-Request-Id", "a"},
            {"X-MS-RateLimit-Remaining-Subscription-Reads", "11999"},
            {"X-MS-Routing-Request-Id", "a"},
            {"X-MS-Correlation-Request-Id", "a"},
            {"X-Azure-Ref", "a"},
            {"X-MS-Ests-Server", "2.1"},
            {"X-MS-Client-Request-Id", "a"},
            {"X-MS-Version", "2"},
            {"X-MS-Request-Charge", "250"},
            {"X-MS-Invocation-Id", "a"},
            {"X-Goog-Hash", "crc"},
            {"X-Goog-Generation", "250"},
            {"X-Cloud-Trace-Context", "a/250;o=1"},
            {"Via", "1.1 google"},
            {"X-Served-By", "cache-ams"},
            {"X-Timer", "S1.1,VS0,VE250"},
            {"Accept-Ranges", "bytes"},
            {"Vary", "Origin"},
            {"Access-Control-Expose-Headers", "Link, X-Total-Count, X-Next-Page"},
            {"Access-Control-Max-Age", "250"},
            {"Link", "<https://x/a.css>; rel=preload"},
            {"X-Permitted-Cross-Domain-Policies", "none"},
            {"X-Response-Time", "250ms"},
            {"X-Total-Time", "250"},
            {"X-Query-Time", "250"},
            {"X-Query-Count", "250"},
            {"X-Db-Query-Count", "250"},
            {"X-Total-Queries", "250"},
            {"X-Request-Count", "250"},
            {"X-Response-Size", "250"},
            {"X-Backend-Server", "q-1"},
            {"Remaining-Calls", "99"},
            {"X-Shopify-Shop-Api-Call-Limit", "32/40"},
            {"Sforce-Limit-Info", "api-usage=18/5000"},
            {"X-Quota-Remaining", "5"},
            {"X-Tokens-Remaining", "4999"},
            {"X-Query-Cost-Remaining", "99"},
            {"X-Query-Remaining", "99"},
            {"X-Credits-Remaining", "99"},
            {"X-Response-Sync-Id", "a"},
            {"X-Status-Page-Url", "https://status.example"},
            {"X-Error-Page-Url", "/x"},
            {"X-More-Info", "https://docs.example"},
            {"X-Page-Id", "a"},
            {"X-Async-Id", "a"},
            {"X-Homepage-Url", "https://x"},
            {"X-Upstream-Range", "1-2"},
            {"X-Total-Duration", "250"},
            {"X-Total-Route-Time", "250"},
            {"X-Total-Backend-Ms", "250"},
            {"X-Found-Route", "250"},
            {"X-Kubernetes-PF-FlowSchema-UID", "a"},
            {"X-Amzn-ErrorType", "x"},
            {"X-Unlimited", "true"},
            {"Idempotency-Replayed", "false"},
            {"X-Response-Origin", "a"},
            {"X-Listener-Id", "4"},
            {"Deprecation", "true"},
            {"Sunset", "Sat, 31 Dec 2026 23:59:59 GMT"},
            {"Link", "<https://docs.example/>; rel=\"deprecation\""},
            {"X-Matched-Path", "/api"},
            {"X-Vercel-Cache", "MISS"},
            {"X-Nginx-Upstream-Cache-Status", "BYPASS"},
            {"X-Akamai-Transformed", "9 - 0 pmb=mRUM,1"},
            {"X-Edge-Location", "a"},
            {"X-GitHub-Request-Id", "a"},
            {"X-Token-Expires-After", "3600"},
            {"X-Session-Continuation", "abc"},
            {"X-Search-Engine", "x"},
            {"X-Time-Left", "250"},
            {"X-Session-Left", "250"},
        };
        List<String> no = new ArrayList<>();
        for (String[] one : all) {
            if (!whole(Headers.of(one[0], one[1]))) {
                no.add(one[0] + ": " + one[1].substring(0, Math.min(30, one[1].length())));
            }
        }
        assertThat(no).isEmpty();
    }

    @Test
    void ordinaryFieldsSayNothing() throws Exception {
        List<String> no = new ArrayList<>();
        for (String one : new String[] {
            "\"request_id\":\"a\"",
            "\"meta\":{\"request_id\":\"a\",\"took_ms\":250}",
            "\"api_version\":\"4.0\"",
            "\"timestamp\":\"2026-11-29T12:00:00Z\"",
            "\"status\":\"success\"",
            "\"message\":\"OK\"",
            "\"code\":200",
            "\"total\":2",
            "\"count\":2",
            "\"warnings\":[]",
            "\"errors\":null",
            "\"next\":null",
            "\"pagination\":null",
            "\"pagination\":{\"page\":1,\"pages\":1,\"total\":2,\"per_page\":100}",
            "\"range\":\"0-1/2\"",
            "\"range\":\"1-2 of 2\"",
            "\"has_more\":false",
            "\"meta\":{}",
            "\"links\":{\"self\":\"/x\",\"next\":null}",
            "\"itemsPerPage\":100,\"totalResults\":2,\"startIndex\":1",
            "\"page_size\":100",
            "\"items_per_page\":100",
            "\"tokensAll\":2",
            "\"limit\":100",
            "\"truncated\":false",
            "\"rate\":{\"limit\":250,\"remaining\":249}",
            "\"total_pages\":1",
            "\"last_page\":1",
            "\"lastPage\":true",
            "\"is_last\":true",
            "\"took\":250",
        }) {
            if (!wholeBody(one)) {
                no.add(one);
            }
        }
        assertThat(no).isEmpty();
    }

    @Test
    void headersOfPages() {
        String[][] all = {
            {"X-Kong-Next", "2"},
            {"X-Api-Next", "abc"},
            {"X-Amz-Next", "abc"},
            {"X-Api-Next-Start", "25"},
            {"X-Bitbucket-Next-Page-Start", "25"},
            {"X-Api-Next-Index", "25"},
            {"X-Api-Next-Batch", "abc"},
            {"X-Api-More-Available", "true"},
            {"X-Api-More-Items", "true"},
            {"X-Api-More-Results", "true"},
            {"X-Api-More-Tokens", "true"},
            {"X-Items-Per-Page", "2"},
            {"X-Api-Page-Size", "2"},
            {"X-Api-Per-Page", "2"},
            {"X-Tokens-Per-Page", "2"},
            {"X-Page", "1/125"},
            {"X-Api-Page", "1/125"},
            {"X-Api-Page", "1 of 125"},
            {"X-Page", "1 of 125"},
            {"X-Total", "250 tokens"},
            {"X-Total", "1,250"},
            {"Range", "0-1/*"},
            {"X-Range", "tokens 0-1/250"},
            {"X-Range", "tokens=0-1/250"},
            {"Content-Range", "tokens 0-1/250"},
            {"X-Api-Content-Range", "tokens 0-1/250"},
            {"X-Range", "1-2 out of 250"},
            {"X-Range", "1-2 of 1,250"},
            {"X-Total-Number-Of-Tokens", "250"},
            {"X-Number-Of-Pages", "125"},
            {"X-Api-Number-Of-Pages", "125"},
            {"X-Num-Pages", "125"},
            {"X-Pages-Left", "124"},
            {"X-Page-Limit", "2"},
            {"X-Tokens-Left", "248"},
            {"X-Results-Remaining", "248"},
            {"X-Items-Left", "248"},
            {"X-Api-Overflow", "true"},
            {"X-Continue-From", "abc"},
            {"X-Page-After", "abc"},
            {"X-List-After", "abc"},
        };
        List<String> whole = new ArrayList<>();
        for (String[] one : all) {
            if (whole(Headers.of(one[0], one[1]))) {
                whole.add(one[0] + ": " + one[1]);
            }
        }
        assertThat(whole).isEmpty();
    }

    @Test
    void fieldsOfPages() throws Exception {
        List<String> whole = new ArrayList<>();
        for (String one : new String[] {
            "\"range\":\"0-1/*\"",
            "\"range\":\"tokens=0-1/250\"",
            "\"range\":\"tokens 0-1/250\"",
            "\"range\":\"1\u20132 of 250\"",
            "\"range\":\"1-2 out of 250\"",
            "\"range\":\"1-2 of 1,250\"",
            "\"range\":\"0-1/250+\"",
            "\"range\":\"1-2 of many\"",
            "\"range\":\"0..1/250\"",
            "\"range\":[0,1,250]",
            "\"range\":{\"from\":0,\"to\":1,\"of\":250}",
            "\"showing\":\"1 to 2 of 250 entries\"",
            "\"total\":\"250 tokens\"",
            "\"total\":\"many\"",
            "\"total\":\"1.250\"",
            "\"total\":[250]",
            "\"total\":{\"n\":250}",
            "\"total\":\"2/250\"",
            "\"total\":\"2 (of 250)\"",
            "\"total\":\"\u0662\u0665\u0660\"",
            "\"total\":\"250.\"",
            "\"tokens_total\":\"250 in all\"",
            "\"itemsPerPage\":2",
            "\"tokensPerPage\":2",
            "\"items_per_page\":2",
            "\"maxObjects\":2",
            "\"page_limit\":2",
            "\"max_page_size\":2",
            "\"pageNextStart\":2",
            "\"pagination_next_start\":2",
            "\"listNextStart\":2",
            "\"paging\":{\"nextPageStart\":2}",
            "\"next_start\":2",
            "\"tokens_next_start\":2",
            "\"meta_next_start_key\":\"abc\"",
            "\"results_more_before_end\":true",
            "\"startIndex\":0,\"endIndex\":1,\"of\":250",
            "\"page\":\"1 of 125\"",
            "\"page\":{\"number\":1,\"of\":125}",
            "\"page\":{\"index\":0,\"last\":124}",
            "\"tokensEnd\":false",
            "\"endOfResults\":false",
            "\"allTokens\":false",
            "\"tokensAll\":false",
            "\"all_tokens\":250",
            "\"tokensAll\":250",
            "\"recordsFiltered\":250",
            "\"recordsShown\":250",
            "\"resultsOffset\":0,\"resultsSlice\":\"2/250\"",
        }) {
            if (wholeBody(one)) {
                whole.add(one);
            }
        }
        assertThat(whole).isEmpty();
    }
}
