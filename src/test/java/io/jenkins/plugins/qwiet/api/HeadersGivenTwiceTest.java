package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each box on the way may add a line of its own: whichever says that something is missing or old, counts. */
class HeadersGivenTwiceTest {
    private static boolean isWhole(String... headers) {
        var response = new Response.Builder()
                .request(new Request.Builder()
                        .url("https://q.example/api/v4/x?a=1")
                        .build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("")
                .body(ResponseBody.create("", (MediaType) null));
        Arrays.stream(headers)
                .map(header -> header.split(": ", 2))
                .forEach(each -> response.addHeader(each[0], each[1]));
        var page = new Paging();
        Instant asked = Instant.parse("2026-08-03T10:00:00Z");
        page.see(HttpUrl.get("https://q.example/api/v4/x?a=1"), response.build(), asked, asked.plusSeconds(1));
        return page.isWhole(2, 2, 1) && page.unknown().isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            Age: 3600 ! Age: 0
            Content-Range: items 0-1/250 ! Content-Range: items 0-1/2
            Date: Mon, 03 Aug 2026 04:00:00 GMT ! Date: Mon, 03 Aug 2026 10:00:00 GMT
            X-Cache: HIT ! X-Cache: MISS
            X-Total-Count: 250 ! X-Total-Count: 2
            X-Pages: 125 ! X-Pages: 1
            Warning: 110 - "old" ! Warning: 299 - "x"
            Preference-Applied: maxpagesize=2 ! Preference-Applied: maxpagesize=100
            Preference-Applied: max-page-size=2 ! X-Any: 1
            Preference-Applied: odata.maxpagesize=2; x=1 ! X-Any: 1
            """)
    void anyLineCounts(String one, String other) {
        assertThat(isWhole(one.trim(), other.trim())).isFalse();
        assertThat(isWhole(other.trim(), one.trim())).isFalse();
    }

    @Test
    void linesThatSayThatThisIsAllAndOfNowSaySo() {
        String now = "Date: Mon, 03 Aug 2026 10:00:00 GMT";
        assertThat(isWhole("Age: 0", "Age: 1", now, now, "Content-Range: items 0-1/2", "Content-Range: items 0-1/2"))
                .isTrue();
    }
}
