package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways in which frameworks say in headers that a list goes on, and ways in which they do not. */
class HeadersOfPagesTest {
    private static Paging page(int status, String... headers) {
        var response = new Response.Builder()
                .request(new Request.Builder()
                        .url("https://q.example/api/v4/x?a=1&page=1")
                        .build())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .body(ResponseBody.create("", (MediaType) null));
        Arrays.stream(headers)
                .map(header -> header.split(": ", 2))
                .forEach(each -> response.addHeader(each[0], each[1]));
        var paging = new Paging();
        paging.see(HttpUrl.get("https://q.example/api/v4/x?a=1"), response.build(), null, null);
        return paging;
    }

    private static boolean isWhole(Paging page) {
        return page.isWhole(2, 2, 1) && page.unknown().isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            200 ! X-Pagination: {"TotalCount":250,"PageSize":2,"CurrentPage":1,"TotalPages":125}
            200 ! X-Pagination: page=1, pages=125, total=250
            200 ! Pagination: {"total":250,"next":"/x?page=2"}
            200 ! X-Paging-State: abc
            200 ! X-Page-State: abc
            200 ! X-PageState: 00a1
            200 ! X-Paging: next=abc
            200 ! X-Paging: true
            200 ! X-Page: abc
            200 ! X-Page: 1/125
            200 ! X-Page: 1 of 125
            200 ! X-Page-Info: {"has_next_page":true,"end_cursor":"abc"}
            200 ! X-Page-Info: end=abc
            200 ! Content-Range: items 0-1/250
            200 ! Content-Range: tokens 0-1
            200 ! Link: </api/v4/x?page=2>; rel=next
            200 ! Link: </api/v4/x?a=1&page=125>; rel="last"
            200 ! Link: </api/v4/x?a=1&page=1>; rel="first", </api/v4/x?a=1&page=125>; rel="last"
            200 ! Link: </api/v4/x/125>; rel="last"
            200 ! Link: <https://[/>; rel="last"
            200 ! Preference-Applied: maxpagesize=2
            200 ! Preference-Applied: return=minimal, odata.maxpagesize="2"
            200 ! Warning: 199 - "results truncated"
            200 ! Warning: 299 - "list limited to 2 entries"
            206 ! X-Any: 1
            """)
    void aListThatGoesOnIsNotTheWhole(int status, String header) {
        assertThat(isWhole(page(status, header))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            X-Pagination: 1
            X-Pagination: 1/1
            X-Paging: false
            X-Paging-State: null
            X-Page: 1
            X-Page: 1 of 1
            X-Page-Size: 100
            X-Page-Speed: 1.13.35.2-0
            X-Mod-Pagespeed: 1.13.35.2-0
            X-Error-Page: /errors/500.html
            X-Landing-Page: https://q.example/
            X-Code-Page: 1252
            Link: </api/v4/x?page=1&a=1>; rel="last"
            Link: <?per_page=20&page=1>; rel="first", <?per_page=20&page=1>; rel="last"
            Link: <https://q.example/docs>; rel="help"
            Preference-Applied: maxpagesize=100
            Preference-Applied: return=representation
            Warning: 299 - "this version ends in May"
            """)
    void aListThatEndsIsTheWhole(String header) {
        assertThat(isWhole(page(200, header))).isTrue();
    }

    /** What nobody knows is named, so that people learn what holds a lease. */
    @ParameterizedTest
    @CsvSource({"X-Paging-State: abc", "X-Pagination: page=1", "X-Page: abc"})
    void whatNobodyKnowsIsNamed(String header) {
        Paging page = page(200, header);
        assertThat(page.isWhole(2, 2, 1)).isTrue();
        assertThat(page.unknown())
                .extracting(Habits.Field::path)
                .containsExactly(header.substring(0, header.indexOf(':')));
    }
}
