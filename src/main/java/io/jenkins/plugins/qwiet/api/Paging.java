package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * Signs that a list is not the whole, beside its tokens. None is part of Qwiet's API; all are usual elsewhere, and whoever
 * puts a list into pages will use one of them.
 */
final class Paging {
    /** Fields that say that there is more, by any value but a false, empty or missing one. */
    private static final Pattern MORE = Pattern.compile(
            "next.*|.*(?:more|next|next_?page)|hasmore.*|(?!prev).*cursor|continu.*|.*truncated|.*partial.*|incomplete.*"
                    + "|.*(?:scrollid|pagetoken)|lastevaluatedkey");

    private static final Set<String> TOTAL = Set.of(
            "total",
            "totalcount",
            "totalsize",
            "totalresults",
            "totalitems",
            "totalelements",
            "totalrecords",
            "totaltokens",
            "count",
            "resultcount");

    private static final Set<String> PAGES = Set.of("pages", "totalpages", "pagecount", "lastpage", "numpages");
    private static final Set<String> PAGE = Set.of("page", "currentpage", "pagenumber");
    private static final Set<String> LIMIT = Set.of("limit", "perpage", "pagesize", "maxresults", "maxitems", "size");

    private static final Set<String> NUMBERS =
            Stream.of(TOTAL, PAGES, PAGE, LIMIT).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    /** Where such fields are looked for, beside the answer itself. */
    private static final Pattern INSIDE =
            Pattern.compile(".*pag.*|meta.*|.*links?|.*info|cursors?|.*metadata|navigation");

    private static final int DEEPEST = 3;

    private static final Set<String> NOTHING = Set.of("", "false", "null", "none", "0", "-1", "no");
    private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
    private static final Pattern REL_NEXT =
            Pattern.compile("(?i);\\s*rel\\s*=\\s*(?:\"[^\"]*\\bnext\\b[^\"]*\"|next\\b)");

    private static final Pattern RANGE = Pattern.compile("[^/]*/([0-9]{1,18})");

    private final List<String> links = new ArrayList<>();
    private boolean more;
    private long total;
    private long pages;
    private long page;
    private long limit;

    /**
     * Whether something says that this is not the end of the list.
     *
     * @param count tokens of this page
     * @param followed pages that were read by now, this one included
     */
    boolean more(long count, int followed) {
        boolean full = limit > 0 && count >= limit && followed == 1 && total == 0;
        return more || full || pages > Math.max(page, followed);
    }

    /** How many tokens there are in all; 0 if nothing says so. */
    long total() {
        return total;
    }

    /** Reads a field beside the tokens; the parser stands at its value, and at the value's end afterwards. */
    void see(String field, JsonParser parser) throws IOException {
        see(field, parser, 0);
    }

    private void see(String field, JsonParser parser, int depth) throws IOException {
        String name = field.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
        JsonToken value = parser.currentToken();
        if (MORE.matcher(name).matches()) {
            sawMore(value, parser);
        } else if (value == JsonToken.START_OBJECT
                && depth < DEEPEST
                && INSIDE.matcher(name).matches()) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String inner = parser.currentName();
                parser.nextToken();
                see(inner, parser, depth + 1);
            }
        } else if (value == JsonToken.START_ARRAY && INSIDE.matcher(name).matches()) {
            while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
                sawLink(parser);
            }
        } else if (value.isScalarValue() && NUMBERS.contains(name)) {
            sawNumber(name, parser.getValueAsLong(0));
        }
        parser.skipChildren();
    }

    private void sawNumber(String name, long number) {
        if (TOTAL.contains(name)) {
            total = Math.max(total, number);
        } else if (PAGES.contains(name)) {
            pages = Math.max(pages, number);
        } else if (PAGE.contains(name)) {
            page = Math.max(page, number);
        } else if (LIMIT.contains(name)) {
            limit = Math.max(limit, number);
        }
    }

    private void sawMore(JsonToken value, JsonParser parser) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            sawNext(parser.getText().trim());
        } else if (value.isNumeric()) {
            more |= parser.getDoubleValue() > 0;
        } else if (value == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                more = true;
                sawAddress(parser);
            }
        } else if (value == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
                more = true;
                parser.skipChildren();
            }
        } else {
            more |= value == JsonToken.VALUE_TRUE;
        }
    }

    private void sawNext(String text) {
        if (!NOTHING.contains(text.toLowerCase(Locale.ROOT))) {
            more = true;
            links.add(text);
        }
    }

    /** As in {@code [{"rel": "next", "href": "…"}]}. */
    private void sawLink(JsonParser parser) throws IOException {
        String rel = "";
        String address = "";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("rel")) {
                rel = parser.getValueAsString("");
            } else if (field.equals("href") || field.equals("url")) {
                address = parser.getValueAsString("");
            }
            parser.skipChildren();
        }
        if (rel.equals("next")) {
            sawNext(address.isBlank() ? rel : address);
        }
    }

    private void sawAddress(JsonParser parser) throws IOException {
        String field = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING && (field.equals("href") || field.equals("url"))) {
            links.add(parser.getText().trim());
        }
        parser.skipChildren();
    }

    /** RFC 8288. */
    void see(Headers headers) {
        Matcher link = LINK.matcher(String.join(",", headers.values("Link")));
        while (link.find()) {
            if (REL_NEXT.matcher(link.group(2)).find()) {
                more = true;
                links.add(0, link.group(1).trim());
            }
        }
        for (String name : List.of("X-Total-Count", "X-Total", "Total-Count")) {
            String value = headers.get(name);
            if (value != null && value.trim().matches("[0-9]{1,18}")) {
                total = Math.max(total, Long.parseLong(value.trim()));
            }
        }
        for (String name : List.of("X-Next-Page", "X-Next-Cursor", "X-Next-Token")) {
            String value = headers.get(name);
            more |= value != null && !NOTHING.contains(value.trim().toLowerCase(Locale.ROOT));
        }
        String range = headers.get("Content-Range");
        if (range != null) {
            Matcher known = RANGE.matcher(range.trim());
            boolean number = known.matches();
            total = number ? Math.max(total, Long.parseLong(known.group(1))) : total;
            more |= !number;
        }
    }

    /**
     * Where the next page is: an address of the same list, with nothing changed but its query. Null if there is none, or it
     * cannot be told safely: a page's number or a cursor alone does not say how it is asked for.
     */
    HttpUrl next(HttpUrl list) {
        for (String link : links) {
            boolean isAddress = link.startsWith("?") || link.startsWith("/") || link.matches("(?i)https?://.*");
            HttpUrl url = isAddress ? list.resolve(link) : null;
            if (url != null
                    && url.scheme().equals(list.scheme())
                    && url.host().equals(list.host())
                    && url.port() == list.port()
                    && url.encodedPath().equals(list.encodedPath())
                    && url.username().isEmpty()
                    && url.password().isEmpty()
                    && url.querySize() > 0) {
                return url;
            }
        }
        return null;
    }
}
