package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;

/**
 * Signs that a list is not the whole, beside its tokens, on any of its pages. When in doubt it is not: then nothing follows
 * from what is absent, and no token is lost. That there is more is no such sign where the next page was read; that something
 * is missing, or old, is one on whichever page it is. For one page, or for several by {@link #join}.
 */
final class Paging {
    /** Of what is in one another. */
    static final int DEEPEST = 3;

    private static final int MOST_UNKNOWN = 100;

    private static final Set<String> ADDRESSES = Set.of("href", "url", "uri", "link");
    private static final Pattern OF = Pattern.compile("([0-9]{1,9}) ?(?:/|of) ?([0-9]{1,9})");

    private final Set<Habits.Field> unknown = new HashSet<>();
    private final Links links = new Links();
    private boolean more;
    private boolean gap;
    /** What its time tells of the clock of those who gave it; null if that is not known. */
    private ClockOffset offset;

    private final Announced announced = new Announced();
    private long limit;

    /** Takes all that a page says. What is behind it, if anything, only the last one knows. */
    void join(Paging next) {
        links.become(next.links);
        more = next.more;
        gap |= next.gap;
        next.unknown.forEach(this::saysMore);
        if (next.offset != null) {
            // A page that is older than another one was kept, whatever time it is.
            gap |= offset != null && !offset.agrees(next.offset);
            offset = next.offset;
        }
        announced.join(next.announced);
        limit = Math.max(limit, next.limit);
    }

    /** What is said beside the tokens, and may be that the list is not the whole. */
    Set<Habits.Field> unknown() {
        return unknown;
    }

    /** Something of the page is missing. */
    void lacks() {
        gap = true;
    }

    /** There is another page. */
    void goesOn() {
        more = true;
    }

    /**
     * Whether nothing says that there is more than was read, but for what is {@linkplain #unknown}.
     *
     * @param seen tokens of all pages
     * @param count different ones
     * @param followed pages that were read
     */
    boolean isWhole(long seen, long count, int followed) {
        boolean full = limit > 0 && seen >= limit && followed == 1 && !announced.namesTotal();
        return isReadToItsEnd() && !full && announced.isIn(count, followed);
    }

    /** Whether nothing says that something is missing, but perhaps {@linkplain #announced how much} there is. */
    boolean isReadToItsEnd() {
        return !gap && !more;
    }

    Announced announced() {
        return announced;
    }

    /** Reads a field beside the tokens; the parser stands at its value, and at the value's end afterwards. */
    void see(String field, JsonParser parser) throws IOException {
        see(PageSign.of(field), field, parser, 0);
    }

    /** Reads a header in JSON that is about pages. */
    void see(String header, String json) {
        try (JsonParser parser = LenientJson.parser(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))) {
            for (parser.nextToken(); parser.nextToken() == JsonToken.FIELD_NAME; ) {
                String field = parser.currentName();
                parser.nextToken();
                see(PageSign.of(field), header + "." + field, parser, 1);
            }
            if (parser.currentToken() == JsonToken.END_OBJECT) {
                return;
            }
        } catch (IOException e) {
            // Nobody knows what it says.
        }
        saysMore(new Habits.Field(header, Habits.shortened(json), false));
    }

    private void see(PageSign sign, String path, JsonParser parser, int depth) throws IOException {
        JsonToken value = parser.currentToken();
        if (sign == PageSign.UNRELATED && value == JsonToken.START_OBJECT) {
            seeUnrelated(path, parser, depth);
        } else if (sign == PageSign.UNRELATED) {
            parser.skipChildren();
        } else if (value == JsonToken.START_OBJECT) {
            seeObject(sign, path, parser, depth);
        } else if (value == JsonToken.START_ARRAY) {
            seeArray(sign, path, parser, depth);
        } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
            // What is unrelated was passed over unread, however long.
            String all = parser.getText().trim();
            String text = all.length() > 4_000 ? "…" : all;
            links.named(path, text);
            saw(sign, text, value.isBoolean());
            boolean unclear =
                    switch (sign) {
                        case UNKNOWN -> !text.isEmpty();
                        case WORDS -> !PageWords.sayAllIsWell(text);
                        default -> sign.isAmount() && !value.isBoolean() && !Amount.isClear(text);
                    };
            if (unclear) {
                saysMore(new Habits.Field(path, Habits.shortened(all), value.isBoolean()));
            }
        }
        parser.skipChildren();
    }

    /** Something else than the list; but if it says that something is missing, or old, that is of the list all the same. */
    private void seeUnrelated(String path, JsonParser parser, int depth) throws IOException {
        while (depth <= DEEPEST && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            PageSign inner = PageSign.of(name);
            parser.nextToken();
            boolean missing = inner == PageSign.PART || inner == PageSign.CUT;
            see(missing ? inner : PageSign.UNRELATED, path + "." + name, parser, depth + 1);
        }
        if (depth > DEEPEST) {
            parser.skipChildren();
        }
    }

    private void seeObject(PageSign sign, String path, JsonParser parser, int depth) throws IOException {
        String rel = "";
        String link = "";
        while (depth <= DEEPEST && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            PageSign inner = PageSign.of(name);
            boolean address = ADDRESSES.contains(name);
            String text = parser.currentToken().isScalarValue() ? parser.getValueAsString("") : "";
            rel = name.equals("rel") ? text : rel;
            link = address ? text : link;
            // {"total": {"value": 2, "relation": "gte"}}
            more |= sign == PageSign.TOTAL
                    && name.equals("relation")
                    && !parser.getValueAsString("eq").equals("eq");
            // {"total": {"value": 2}}, {"next": {"href": "…"}}
            boolean plain = inner == PageSign.NONE || inner == PageSign.UNKNOWN;
            boolean outer = plain && (address || sign == PageSign.TOTAL && name.equals("value"));
            boolean says = plain || inner == PageSign.WORDS;
            if (says && !parser.currentToken().equals(JsonToken.VALUE_NULL)) {
                more |= sign == PageSign.MORE;
                gap |= sign == PageSign.PART || sign == PageSign.CUT;
            }
            boolean ofLink = address && sign == PageSign.UNKNOWN
                    || name.equals("rel")
                    || sign == PageSign.TOTAL && name.equals("relation");
            see(ofLink ? PageSign.NONE : outer ? sign : inner, path + "." + name, parser, depth + 1);
        }
        more |= links.see(rel, link);
        if (depth > DEEPEST) {
            gap = true;
            parser.skipChildren();
        }
    }

    private void seeArray(PageSign sign, String path, JsonParser parser, int depth) throws IOException {
        long listed = 0;
        for (JsonToken next = parser.nextToken();
                next != JsonToken.END_ARRAY && next != null;
                next = parser.nextToken()) {
            listed++;
            more |= sign == PageSign.MORE;
            gap |= sign == PageSign.PART || sign == PageSign.CUT;
            if (next == JsonToken.START_OBJECT) {
                seeObject(sign == PageSign.NONE ? PageSign.UNKNOWN : sign, path, parser, depth + 1);
            } else if (next == JsonToken.START_ARRAY && depth <= DEEPEST) {
                seeArray(sign, path, parser, depth + 1);
            } else if (next.isNumeric() && sign.isAmount()) {
                saw(sign, parser.getText(), false);
            } else if (next.isScalarValue() && (sign.isInWords() || sign == PageSign.PAGES || sign == PageSign.PAGE)) {
                see(sign, path, parser, depth);
            } else {
                parser.skipChildren();
            }
        }
        // One element each, be it its number or its address.
        announced.pages(sign == PageSign.PAGES ? listed : 0);
    }

    /** What a field or header of that sign says. */
    void saw(PageSign sign, String text, boolean yesOrNo) {
        switch (sign) {
            case MORE -> sawNext(text);
            case PART, CUT -> gap |= PageWords.saySo(text);
            case END -> more |= PageWords.sayNo(text);
            case NONE, UNKNOWN, WORDS -> gap |= PageWords.sayCut(text);
            case PAGE -> sawPage(text);
            case TOTAL -> announced.total(yesOrNo ? sawAll(text) : amount(text));
            case COUNT -> announced.counted(yesOrNo ? 0 : amount(text));
            case PAGES -> announced.pages(yesOrNo ? sawLastPage(text) : amount(text));
            case LIMIT -> limit = Math.max(limit, Amount.of(text));
            case UNRELATED -> {
                // It says nothing about the list.
            }
        }
    }

    /** Nobody knows what it says, unless other answers say it too. */
    void saysMore(Habits.Field field) {
        gap |= unknown.size() >= MOST_UNKNOWN;
        if (!gap) {
            unknown.add(field);
        }
    }

    private long sawLastPage(String text) {
        more |= text.equalsIgnoreCase("false");
        return 0;
    }

    /** {@code "allTokens": false}. */
    private long sawAll(String text) {
        gap |= PageWords.sayNo(text);
        return 0;
    }

    private void sawPage(String text) {
        Matcher of = OF.matcher(text);
        if (of.matches()) {
            announced.page(Long.parseLong(of.group(1)));
            announced.pages(Long.parseLong(of.group(2)));
        } else {
            announced.page(amount(text));
        }
    }

    /** One that is not exact, such as {@code 1,234} or {@code 2+}, leaves open how much there is. */
    private long amount(String text) {
        gap |= Amount.isUnclear(text);
        return Amount.of(text);
    }

    private void sawNext(String text) {
        if (PageWords.saySo(text)) {
            more = true;
            links.add(text);
        }
    }

    /**
     * Reads what status and headers of a page say.
     *
     * @param list as {@link #next}
     * @param asked when, by the clock of Qwiet: many caches say nothing, but keep the date. Null if that clock is not known
     *     yet; our own may be wrong, so the date then is no sign. A search relies on two lists that are apart, and of the
     *     second it is known
     * @param answered when the answer was there, by the same clock: a long list may take its time. Null as that one
     */
    void see(HttpUrl list, Response response, @CheckForNull Instant asked, @CheckForNull Instant answered) {
        Date date = CacheSigns.date(response.headers());
        boolean known = asked != null && answered != null && date != null;
        offset = known ? ClockOffset.of(date.toInstant(), asked, answered) : null;
        gap |= response.code() != 200 || known && ServerClock.isOld(date.toInstant(), asked);
        new PageHeaders(this, links).see(response.headers());
        more |= links.leadOn(response.request().url(), list);
    }

    @CheckForNull
    HttpUrl next(HttpUrl list) {
        return links.next(list);
    }
}
