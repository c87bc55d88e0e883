package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Response;

/**
 * Signs that a list is not the whole, beside its tokens, on any of its pages. When in doubt it is not: then nothing follows
 * from what is absent, and no token is lost. That there is more is no such sign where the next page was read; that something
 * is missing, or old, is one on whichever page it is. For one page, or for several by {@link #join}.
 */
final class Paging {
    private static final int DEEPEST = 3;

    private static final Set<String> NOTHING = Set.of("", "false", "null", "none", "0", "0.0", "-1", "no");
    private static final Set<String> NO = Set.of("false", "no", "0");
    private static final Pattern OF = Pattern.compile("([0-9]{1,9}) ?/ ?([0-9]{1,9})");
    private static final Pattern CUT =
            Pattern.compile("(?i).*(?:truncat|partial|incomplete|more (?:results|items|tokens)).*");
    private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
    private static final Pattern REL_NEXT =
            Pattern.compile("(?i);\\s*rel\\s*=\\s*(?:\"[^\"]*\\bnext\\b[^\"]*\"|'[^']*\\bnext\\b[^']*'|next\\b)");
    private static final Pattern RANGE = Pattern.compile("[^/]*/([0-9]{1,15})");

    private final List<String> links = new ArrayList<>();
    private boolean more;
    private boolean gap;
    /** The time that it has before the time when it was asked for; null if it has none, or that is not known. */
    private Duration ahead;

    private long total;
    private long counted;
    private long pages;
    private long page;
    private long limit;

    /** Takes all that a page says. What is behind it, if anything, only the last one knows. */
    void join(Paging next) {
        links.clear();
        links.addAll(next.links);
        more = next.more;
        gap |= next.gap;
        if (next.ahead != null) {
            // A page that is older than another one was kept, whatever time it is.
            gap |= ahead != null && ahead.minus(next.ahead).abs().compareTo(ServerClock.FRESH) > 0;
            ahead = next.ahead;
        }
        total = Math.max(total, next.total);
        counted = Math.max(counted, next.counted);
        pages = Math.max(pages, next.pages);
        page = Math.max(page, next.page);
        limit = Math.max(limit, next.limit);
    }

    /** Something of the page is missing. */
    void lacks() {
        gap = true;
    }

    /**
     * Whether nothing says that there is more than was read.
     *
     * @param count tokens of all pages
     * @param followed pages that were read
     */
    boolean isWhole(long count, int followed) {
        boolean full = limit > 0 && count >= limit && followed == 1 && total == 0;
        return !gap && !more && !full && Math.max(page, pages) <= followed && Math.max(total, counted) <= count;
    }

    /** Reads a field beside the tokens; the parser stands at its value, and at the value's end afterwards. */
    void see(String field, JsonParser parser) throws IOException {
        see(PageSign.of(field), parser, 0);
    }

    private void see(PageSign sign, JsonParser parser, int depth) throws IOException {
        JsonToken value = parser.currentToken();
        if (sign == PageSign.UNRELATED && value == JsonToken.START_OBJECT) {
            seeUnrelated(parser, depth);
        } else if (sign == PageSign.UNRELATED) {
            parser.skipChildren();
        } else if (value == JsonToken.START_OBJECT) {
            seeObject(sign, parser, depth);
        } else if (value == JsonToken.START_ARRAY) {
            seeArray(sign, parser, depth);
        } else if (sign != PageSign.NONE && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
            saw(sign, parser.getTextLength() > 4_000 ? "…" : parser.getText().trim(), value.isBoolean());
        }
        parser.skipChildren();
    }

    /** Something else than the list; but if it says that something is missing, or old, that is of the list all the same. */
    private void seeUnrelated(JsonParser parser, int depth) throws IOException {
        while (depth <= DEEPEST && parser.nextToken() == JsonToken.FIELD_NAME) {
            PageSign inner = PageSign.of(parser.currentName());
            parser.nextToken();
            boolean missing = inner == PageSign.PART || inner == PageSign.CUT;
            see(missing ? inner : PageSign.UNRELATED, parser, depth + 1);
        }
        if (depth > DEEPEST) {
            parser.skipChildren();
        }
    }

    private void seeObject(PageSign sign, JsonParser parser, int depth) throws IOException {
        while (depth <= DEEPEST && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            PageSign inner = PageSign.of(name);
            boolean address = name.equals("href") || name.equals("url");
            // {"total": {"value": 2, "relation": "gte"}}
            more |= sign == PageSign.TOTAL
                    && name.equals("relation")
                    && !parser.getValueAsString("eq").equals("eq");
            // {"total": {"value": 2}}, {"next": {"href": "…"}}
            boolean outer = inner == PageSign.NONE && (address || sign == PageSign.TOTAL && name.equals("value"));
            boolean says = inner == PageSign.NONE || inner == PageSign.WORDS;
            if (says && !parser.currentToken().equals(JsonToken.VALUE_NULL)) {
                more |= sign == PageSign.MORE;
                gap |= sign == PageSign.PART || sign == PageSign.CUT;
            }
            see(outer ? sign : inner, parser, depth + 1);
        }
        if (depth > DEEPEST) {
            parser.skipChildren();
        }
    }

    private void seeArray(PageSign sign, JsonParser parser, int depth) throws IOException {
        for (JsonToken next = parser.nextToken();
                next != JsonToken.END_ARRAY && next != null;
                next = parser.nextToken()) {
            more |= sign == PageSign.MORE;
            gap |= sign == PageSign.PART || sign == PageSign.CUT;
            if (next == JsonToken.START_OBJECT && sign == PageSign.WORDS) {
                seeObject(sign, parser, depth + 1);
            } else if (next == JsonToken.START_OBJECT && depth <= DEEPEST) {
                sawLink(parser);
            } else if (next.isScalarValue() && sign == PageSign.WORDS) {
                see(sign, parser, depth);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** What a field or header of that sign says. */
    private void saw(PageSign sign, String text, boolean yesOrNo) {
        switch (sign) {
            case MORE -> sawNext(text);
            case PART, CUT -> gap |= saysSo(text);
            case END -> more |= NO.contains(text.toLowerCase(Locale.ROOT));
            case WORDS -> gap |= CUT.matcher(text).matches();
            case PAGE -> sawPage(text);
            case TOTAL -> total = yesOrNo ? total : Math.max(total, amount(text));
            case COUNT -> counted = yesOrNo ? counted : Math.max(counted, amount(text));
            case PAGES -> pages = yesOrNo ? sawLastPage(text) : Math.max(pages, Amount.of(text));
            case LIMIT -> limit = Math.max(limit, Amount.of(text));
            default -> {
                // It says nothing about the list.
            }
        }
    }

    private long sawLastPage(String text) {
        more |= text.equalsIgnoreCase("false");
        return pages;
    }

    private void sawPage(String text) {
        Matcher of = OF.matcher(text);
        if (of.matches()) {
            page = Math.max(page, Long.parseLong(of.group(1)));
            pages = Math.max(pages, Long.parseLong(of.group(2)));
        } else {
            page = Math.max(page, Amount.of(text));
        }
    }

    /** One that is not exact, such as {@code 1,234} or {@code 2+}, leaves open how much there is. */
    private long amount(String text) {
        gap |= Amount.isUnclear(text);
        return Amount.of(text);
    }

    private void sawNext(String text) {
        if (saysSo(text)) {
            more = true;
            links.add(text);
        }
    }

    private static boolean saysSo(String text) {
        boolean negative = text.startsWith("-") && Amount.isNumber(text);
        return !negative && !NOTHING.contains(text.toLowerCase(Locale.ROOT));
    }

    /** As in {@code [{"rel": "next", "href": "…"}]}. */
    private void sawLink(JsonParser parser) throws IOException {
        String rel = "";
        String address = "";
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

    /**
     * Reads what status and headers say; RFC 8288 for links, RFC 9111 for caches.
     *
     * @param asked when, by the clock of Qwiet: many caches say nothing, but keep the date. Null if that clock is not known
     *     yet; our own may be wrong, so the date then is no sign. A search relies on two lists that are apart, and of the
     *     second it is known
     */
    void see(Response response, @CheckForNull Instant asked) {
        Headers headers = response.headers();
        Date date = headers.getDate("Date");
        gap |= response.code() != 200
                || CacheSigns.wasKept(headers)
                || asked != null && date != null && ServerClock.isOld(date.toInstant(), asked);
        ahead = asked != null && date != null ? Duration.between(asked, date.toInstant()) : null;
        Matcher link = LINK.matcher(String.join(",", headers.values("Link")));
        while (link.find()) {
            if (REL_NEXT.matcher(link.group(2)).find()) {
                more = true;
                links.add(0, link.group(1).trim());
            }
        }
        String range = headers.get("Content-Range");
        if (range != null) {
            Matcher known = RANGE.matcher(range.trim());
            gap |= !known.matches();
            total = known.matches() ? Math.max(total, Long.parseLong(known.group(1))) : total;
        }
        for (int i = 0; i < headers.size(); i++) {
            seeHeader(
                    headers.name(i).toLowerCase(Locale.ROOT),
                    headers.name(i),
                    headers.value(i).trim());
        }
    }

    private void seeHeader(String lower, String name, String value) {
        if (!lower.startsWith("x-") && !lower.contains("pagination") && !lower.contains("total")
                || lower.contains("ratelimit")
                || lower.contains("rate-limit")) {
            return; // Those of HTTP itself say nothing by their names.
        } else if (value.startsWith("{")) {
            // As X-Pagination in .NET: more than one page is why it is there.
            more |= lower.contains("page") || lower.contains("paging") || lower.contains("pagination");
            return;
        }
        saw(PageSign.ofHeader(lower.startsWith("x-") ? name.substring(2) : name), value, false);
    }

    /**
     * Where the next page is: an address of the same list, with nothing changed but its query. Null if there is none, or it
     * cannot be told safely: a page's number or a cursor alone does not say how it is asked for.
     */
    @CheckForNull
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
