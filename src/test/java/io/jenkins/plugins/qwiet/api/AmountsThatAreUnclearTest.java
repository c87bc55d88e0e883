package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.qwiet.api.Canned.Answer;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What says how much there is, but not in a way that can be read, may say that there is more; so may what leads there. */
class AmountsThatAreUnclearTest {
    private static final String TWO = "{\"ok\":true,\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]";

    @RegisterExtension
    private final Canned server = new Canned();

    private boolean whole() {
        return server.client().list(ListQuery.LIVE, token -> {}).join() instanceof Done<Listed> done
                && done.value().whole();
    }

    private boolean wholeWith(String field) {
        server.says(Answer.json(TWO + "," + field + "}"));
        return whole();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            "total_pages":"125 pages"
            "total_pages":"125+"
            "total_pages":"many"
            "total_pages":"1,250"
            "total_pages":">1"
            "pages":"1 of many"
            "pages":"1-125"
            "pages":"more"
            "pageCount":"*"
            "pages":[1,2,3]
            "pages":["?page=1","?page=2"]
            "pages":["one","two"]
            "page":"1 of many"
            "page":"1 of 1,250"
            "page":"1/125+"
            "page":"1-125"
            "page":"Page 1 of 125"
            "page":"first"
            "page":[1,125]
            "current_page":"1 out of 125"
            "limit":"2 tokens"
            "last_page":"/x?page=125"
            "lastPage":"https://q.example/x?page=125"
            "last_page_url":"/x?page=125"
            "lastPageUrl":"https://q.example/x?page=125"
            "last_url":"/x?page=125"
            "last_link":"/x?page=125"
            "lastLink":"?page=125"
            "links":{"last_page":"?page=125"}
            "links":{"last":{"link":"?page=125"}}
            "links":{"last":{"uri":"?page=125"}}
            "links":[{"rel":"last","uri":"?page=125"}]
            "links":[{"rel":"last","link":"?page=125"}]
            """)
    void fieldsThatMaySayThatThereIsMore(String field) {
        assertThat(wholeWith(field)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"250\"",
                "250tokens",
                "1k",
                "1.2K",
                "2;250",
                "#250",
                "two hundred and fifty",
                "lots",
                "n/a",
                "~",
                "?",
                "2/?",
                "0xFA",
                "250!",
                "2|250",
                "2:250",
                "2 / 250 / 125",
                "(250)",
                "{250}",
                "250\u20ac",
                "\u0662\u0665\u0660",
                "\u221e",
                "Infinity",
                "NaN",
                "inf",
                "2\u2026250",
                "2&250"
            })
    void totalsThatAreNoNumbers(String total) {
        assertThat(wholeWith("\"total\":" + new TextNode(total))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"total\":2",
                "\"total\":\"2\"",
                "\"total\":\"1-2 of 2\"",
                "\"total\":-1",
                "\"total\":null",
                "\"total\":\"\"",
                "\"total_pages\":1",
                "\"pages\":[1]",
                "\"page\":\"1 of 1\"",
                "\"limit\":100",
                "\"limit\":\"none\"",
                "\"links\":{\"first\":{\"uri\":\"?page=1\"},\"last\":{\"uri\":\"?page=1\"}}"
            })
    void whatIsClearSaysThatThisIsAll(String field) {
        assertThat(wholeWith(field)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            X-Total-Pages: 125 pages
            X-Total-Pages: 125+
            X-Total-Pages: many
            X-Total-Pages: 1,250
            X-Total-Count: 1k
            X-Pages: 1-125
            X-Page-Count: *
            X-Page-Count: >1
            X-Last-Page: /x?page=125
            X-Last-Page: https://q.example/x?page=125
            X-Last-Page-Url: /x?page=125
            X-Page-Last: 125
            X-Page-Size: 2
            X-Page-Limit: 2+
            X-Page-Number: 1 of 125
            X-Current-Page: 1 of many
            X-Page-Range: 1-2/250
            X-Page-Total: many
            X-Page: 1 of 125 pages
            X-Paged: 2/250
            Link: <?page=125>; title="next"; rel="last"
            """)
    void headersThatMaySayThatThereIsMore(String header) {
        String[] parts = header.split(": ", 2);
        server.says(new Answer(200, TWO + "}", Map.of(parts[0], parts[1])));
        assertThat(whole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"next_page", "nextPage", "nextpage", "next-page", "more", "x:next", "NEXT", "prev next"})
    void linksToMore(String rel) {
        server.says(query -> query.startsWith("page=2")
                ? Answer.json("{\"ok\":true,\"response\":[{\"id\":\"c\"}]}")
                : new Answer(200, TWO + "}", Map.of("Link", "<?page=2>; rel=\"" + rel + "\"")));
        assertThat(server.client().list(ListQuery.LIVE, token -> {}).join()).isEqualTo(new Done<>(new Listed(3, true)));
    }

    /** Servers that name a next page always, and end with empty ones. */
    @Test
    void emptyPagesAreNotFollowedForEver() {
        server.says(query -> {
            int from = query.startsWith("from=") ? Integer.parseInt(query.substring(5)) : 0;
            return Answer.json("{\"ok\":true,\"response\":[" + (from == 0 ? "{\"id\":\"a\"}" : "")
                    + "],\"next\":\"?from=" + (from + 2) + "\"}");
        });
        assertThat(whole()).isFalse();
        assertThat(server.asked()).hasSize(11);
    }
}
