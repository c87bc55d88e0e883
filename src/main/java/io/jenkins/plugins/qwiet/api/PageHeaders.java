package io.jenkins.plugins.qwiet.api;

import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import okhttp3.Headers;

/** Reads what the headers of a page say of it; RFC 8288 for links, RFC 9111 for caches. For one page. */
final class PageHeaders {
    /** Characters, of a header that is looked through. */
    static final int LONGEST = 4_000;

    static final Pattern RANGE = Pattern.compile("[^/]*/([0-9]{1,15})");
    /** RFC 7240: what was asked for is done, as a server has it that gives no more at once. */
    static final Pattern PREFERENCE = Pattern.compile("(?i)max-?page-?size\\s*+=\\s*+\"?+([0-9]{1,9})");

    private static final Set<String> YES = Set.of("true", "yes", "1");
    /** Those of HTTP itself that have such words in their names, and are read otherwise. */
    private static final Set<String> OF_HTTP = Set.of(
            "content-range",
            "last-modified",
            "last-event-id",
            "max-forwards",
            "content-length",
            "link",
            "warning",
            "preference-applied");

    private static final Pattern ADDRESS = Pattern.compile("<|/|\\?|https?:", Pattern.CASE_INSENSITIVE);
    /** Which one this is, perhaps of how many. */
    private static final Pattern A_PAGE = Pattern.compile("[0-9]{1,9}(?: ?(?:/|of) ?[0-9]{1,9})?");

    private static final Pattern THE_ONLY_PAGE = Pattern.compile("1(?: ?(?:/|of) ?1)?");

    private final Paging page;
    private final Links links;

    PageHeaders(Paging page, Links links) {
        this.page = page;
        this.links = links;
    }

    void see(Headers headers) {
        // Looking through what is longer than any that makes sense would take its time. Others may be: policies,
        // cookies.
        boolean readable = IntStream.range(0, headers.size())
                .noneMatch(i -> headers.value(i).length() > LONGEST
                        && isRead(headers.name(i).toLowerCase(Locale.ROOT)));
        if (!readable || CacheSigns.wasKept(headers)) {
            page.lacks();
        }
        if (!readable) {
            return;
        }
        if (links.see(headers.values("Link"))) {
            page.goesOn();
        }
        if (headers.values("Warning").stream().anyMatch(PageWords::sayCut)) {
            page.lacks();
        }
        headers.values("Content-Range").forEach(this::seeRange);
        // The least one is that of the page.
        PREFERENCE
                .matcher(String.join(",", headers.values("Preference-Applied")))
                .results()
                .min(Comparator.comparing(size -> Long.parseLong(size.group(1))))
                .ifPresent(size -> page.saw(PageSign.LIMIT, size.group(1), false));
        for (int i = 0; i < headers.size(); i++) {
            see(
                    headers.name(i).toLowerCase(Locale.ROOT),
                    headers.name(i),
                    headers.value(i).trim());
        }
    }

    private static boolean isRead(String header) {
        return header.equals("link") || header.equals("preference-applied") || CacheSigns.isRead(header);
    }

    private void seeRange(String range) {
        Matcher known = RANGE.matcher(range.trim());
        if (known.matches()) {
            page.saw(PageSign.TOTAL, known.group(1), false);
        } else {
            page.lacks();
        }
    }

    private void see(String lower, String name, String value) {
        if (lower.contains("ratelimit") || lower.contains("rate-limit") || OF_HTTP.contains(lower)) {
            return;
        } else if (value.startsWith("{")) {
            // As X-Pagination in .NET.
            if (lower.contains("page") || lower.contains("paging") || lower.contains("pagination")) {
                page.see(name, value);
            }
            return;
        }
        String plain = lower.startsWith("x-") ? name.substring(2) : name;
        PageSign sign = PageSign.ofHeader(plain);
        links.named(plain, value);
        if (sign == PageSign.NONE
                && PageSign.of(plain) == PageSign.MORE
                && ADDRESS.matcher(value).lookingAt()) {
            // Whoever says it: this is where the rest is.
            sign = PageSign.MORE;
        }
        if (sign == PageSign.UNKNOWN
                || sign == PageSign.PAGE && !A_PAGE.matcher(value).matches()
                || sign.isAmount() && !Amount.isClear(value)) {
            if (sign != PageSign.UNKNOWN && sign != PageSign.PAGE) {
                page.saw(sign, value, false);
            }
            if (PageWords.saySo(value) && !THE_ONLY_PAGE.matcher(value).matches()) {
                page.saysMore(new Habits.Field(name, Habits.shortened(value), false));
            }
            return;
        }
        // Of what went wrong elsewhere, texts are written too.
        boolean elsewhere = sign == PageSign.CUT && !YES.contains(value.toLowerCase(Locale.ROOT));
        page.saw(elsewhere ? PageSign.NONE : sign, value, false);
    }
}
