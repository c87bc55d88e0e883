package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Else no list would ever be whole, and no lease of a lost mint would end. */
class OrdinaryHeadersTest {
    private static final String TWO = "{\"ok\":true,\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]}";

    @RegisterExtension
    final Canned qwiet = new Canned();

    /** As balancers, gateways and frameworks add them. */
    static String[] headers() {
        return new String[] {
            "Age: 0",
            "Alt-Svc: h3=\":443\"; ma=86400",
            "Cache-Control: no-store, max-age=0",
            "CF-Cache-Status: DYNAMIC",
            "CF-RAY: 8a1b2c3d4e5f-FRA",
            "Connection: keep-alive",
            "Content-Security-Policy: default-src 'self'; report-uri /csp",
            "ETag: W/\"1f-abc\"",
            "Expires: Thu, 01 Jan 1970 00:00:00 GMT",
            "Keep-Alive: timeout=5, max=100",
            "Last-Modified: Sun, 29 Nov 2026 12:00:00 GMT",
            "NEL: {\"report_to\":\"default\",\"max_age\":2592000}",
            "Pragma: no-cache",
            "RateLimit-Limit: 100",
            "RateLimit-Policy: 100;w=60",
            "RateLimit-Remaining: 59",
            "RateLimit-Reset: 30",
            "Report-To: {\"group\":\"default\",\"max_age\":10886400}",
            "Retry-After: 30",
            "Server: istio-envoy",
            "Server-Timing: db;dur=53, app;dur=47.2",
            "Strict-Transport-Security: max-age=31536000; includeSubDomains",
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "tracestate: rojo=00f067aa0ba902b7",
            "Vary: Origin, Accept-Encoding",
            "Via: 1.1 google, 1.1 5f1c.cloudfront.net (CloudFront)",
            "X-Amz-Cf-Id: abc==",
            "X-Amz-Cf-Pop: FRA56-P4",
            "X-Amzn-RequestId: 7f-1",
            "X-Amzn-Trace-Id: Root=1-67-abc",
            "X-Cache: Miss from cloudfront",
            "X-Content-Type-Options: nosniff",
            "X-Envoy-Upstream-Service-Time: 12",
            "X-Frame-Options: DENY",
            "X-Goog-Hash: crc32c=abc",
            "X-Kong-Proxy-Latency: 1",
            "X-Kong-Upstream-Latency: 12",
            "X-MS-Request-Id: 7f-1",
            "X-MS-Version: 2026-01-01",
            "X-RateLimit-Limit: 60",
            "X-RateLimit-Remaining: 59",
            "X-RateLimit-Reset: 1764417600",
            "X-RateLimit-Limit-Requests: 60",
            "X-Request-Id: 7f-1",
            "X-Response-Time: 12ms",
            "X-Runtime: 0.012",
            "X-Served-By: cache-fra-1",
            "X-Timer: S1764417600.1,VS0,VE12",
            "X-XSS-Protection: 0"
        };
    }

    private Outcome<Listed> listWith(Map<String, String> headers) {
        qwiet.says(new Canned.Answer(200, TWO, headers));
        return qwiet.client().list(ListQuery.LIVE, token -> {}).join();
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aListWithAnOrdinaryHeaderIsTheWhole(String header) {
        String[] parts = header.split(": ", 2);
        assertThat(listWith(Map.of(parts[0], parts[1]))).isEqualTo(new Outcome.Done<>(new Listed(2, true)));
    }

    @Test
    void aListWithAllOfThemIsTheWhole() {
        Map<String, String> all = new HashMap<>();
        for (String header : headers()) {
            String[] parts = header.split(": ", 2);
            all.put(parts[0], parts[1]);
        }
        assertThat(listWith(all)).isEqualTo(new Outcome.Done<>(new Listed(2, true)));
    }
}
