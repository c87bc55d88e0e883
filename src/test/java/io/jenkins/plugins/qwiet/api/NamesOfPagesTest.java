package io.jenkins.plugins.qwiet.api;

import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;

class NamesOfPagesTest {
    @Test
    void headers() {
        String[] prefixes = {
            "",
            "X-",
            "X-Kong-",
            "X-MS-",
            "X-Amz-",
            "X-Goog-",
            "X-Api-",
            "X-Pagination-",
            "Pagination-",
            "X-Paging-",
            "Paging-",
            "X-List-",
            "X-Collection-",
            "X-Query-",
            "X-Search-",
            "X-Result-",
            "X-Results-",
            "X-Page-",
            "X-Tokens-",
            "X-Response-"
        };
        String[][] names = {
            {"Next", "/x?page=2"},
            {"Next-Page", "2"},
            {"Next-Page-Start", "2"},
            {"Next-Token", "abc"},
            {"Next-Cursor", "abc"},
            {"Next-Link", "/x"},
            {"Has-More", "true"},
            {"Has-Next", "true"},
            {"More", "true"},
            {"Continuation", "abc"},
            {"Continuation-Token", "abc"},
            {"Cursor", "abc"},
            {"Total", "250"},
            {"Total-Count", "250"},
            {"Count", "250"},
            {"Total-Items", "250"},
            {"Pages", "125"},
            {"Total-Pages", "125"},
            {"Last-Page", "125"},
            {"Truncated", "true"},
            {"Partial", "true"},
            {"Incomplete", "true"},
            {"Remaining", "248"},
            {"Is-Last", "false"},
            {"Complete", "false"},
            {"Limit-Reached", "true"},
            {"Limited", "true"},
            {"Capped", "true"},
            {"Range", "0-1/250"}
        };
        List<String> all = new ArrayList<>();
        for (String[] name : names) {
            List<String> whole = new ArrayList<>();
            for (String prefix : prefixes) {
                var paging = new Paging();
                paging.see(
                        HttpUrl.get("https://q.example/"),
                        new Response.Builder()
                                .request(new Request.Builder()
                                        .url("https://q.example/")
                                        .build())
                                .protocol(Protocol.HTTP_1_1)
                                .code(200)
                                .message("")
                                .header(prefix + name[0], name[1])
                                .body(ResponseBody.create("", (MediaType) null))
                                .build(),
                        null,
                        null);
                if (paging.isWhole(2, 2, 1) && paging.unknown().isEmpty()) {
                    whole.add(prefix.isEmpty() ? "(none)" : prefix);
                }
            }
            if (name[0].equals("Count") || name[0].equals("Remaining")) {
                // Of whatever a gateway counts.
                whole.removeAll(List.of(
                        "(none)",
                        "X-",
                        "X-Kong-",
                        "X-MS-",
                        "X-Amz-",
                        "X-Goog-",
                        "X-Api-",
                        "X-Query-",
                        "X-Search-",
                        "X-Tokens-",
                        "X-Response-"));
            }
            all.add(name[0] + ": " + name[1] + " <- " + whole);
        }
        all.removeIf(each -> each.endsWith("[]"));
        org.assertj.core.api.Assertions.assertThat(all)
                .as("whole, though promise.md names their words")
                .isEmpty();
    }

    @Test
    void fields() throws Exception {
        String[] prefixes = {
            "",
            "ms",
            "list",
            "page",
            "paging",
            "pagination",
            "result",
            "results",
            "token",
            "tokens",
            "query",
            "search",
            "response",
            "my",
            "time",
            "request",
            "requests",
            "cache",
            "rate",
        };
        List<String> all = new ArrayList<>();
        String[][] names = {
            {"Next", "\"/x\""},
            {"NextPage", "2"},
            {"NextToken", "\"abc\""},
            {"HasMore", "true"},
            {"More", "true"},
            {"Continuation", "\"abc\""},
            {"Cursor", "\"abc\""},
            {"Total", "250"},
            {"TotalCount", "250"},
            {"Count", "250"},
            {"Pages", "125"},
            {"TotalPages", "125"},
            {"LastPage", "125"},
            {"Truncated", "true"},
            {"Partial", "true"},
            {"Incomplete", "true"},
            {"Remaining", "248"},
            {"IsLast", "false"},
            {"Complete", "false"},
            {"LimitReached", "true"},
            {"Limited", "true"},
            {"Capped", "true"},
            {"Range", "\"0-1/250\""},
            {"Size", "250"},
            {"After", "\"abc\""},
            {"Marker", "\"abc\""},
            {"Offset", "2"},
            {"Skipped", "248"},
            {"Hidden", "248"},
            {"Filtered", "248"},
            {"Dropped", "248"},
            {"Window", "\"1-2 of 250\""},
            {"Shown", "2"},
            {"Of", "250"}
        };
        for (String[] name : names) {
            List<String> whole = new ArrayList<>();
            for (String prefix : prefixes) {
                String field = prefix.isEmpty()
                        ? Character.toLowerCase(name[0].charAt(0)) + name[0].substring(1)
                        : prefix + name[0];
                String json =
                        "{\"ok\":true,\"" + field + "\":" + name[1] + ",\"response\":[{\"id\":\"a\"},{\"id\":\"b\"}]}";
                Listed listed = ResponseBodies.tokens(new java.io.ByteArrayInputStream(json.getBytes()), t -> {});
                if (listed.whole()) {
                    whole.add(prefix.isEmpty() ? "(none)" : prefix);
                }
            }
            if (name[0].equals("Size")) {
                // How many one page may have.
                whole.remove("page");
            }
            whole.removeAll(List.of("cache", "rate", "time", "ms", "request", "requests"));
            if (!whole.isEmpty()) {
                all.add(name[0] + ": " + name[1] + " <- " + whole);
            }
        }
        org.assertj.core.api.Assertions.assertThat(all).as("whole").isEmpty();
    }
}
