package io.jenkins.plugins.qwiet.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a field or header beside a list may say about its being cut, by the words of its name. No such thing is part of
 * Qwiet's API; whoever puts a list into pages says so by one of these words, however the name is written.
 */
enum PageSign {
    /** There is more, by any value but a false, empty or missing one: {@code has_more}, {@code nextCursor}, {@code after}. */
    MORE,
    /** Something of this page is missing, by the same values, whatever comes behind it: {@code truncated}, {@code partial}. */
    PART,
    /** The same, beside the tokens; as a header it is about something else. */
    CUT,
    /** There is more if it is false: {@code isLast}, {@code done}. */
    END,
    /** How many there are in all: {@code total}, {@code X-Total-Count}, {@code numFound}. */
    TOTAL,
    /** How many there are in all, or in this page: {@code count}. */
    COUNT,
    /** How many pages there are. */
    PAGES,
    /** Which of them this is. */
    PAGE,
    /** How many one page holds. */
    LIMIT,
    /** In words: {@code warnings}, {@code status}. */
    WORDS,
    /** Nothing by any plain value, but something inside it may say more. */
    NONE,
    /** No such word is known: what it says may be anything. */
    UNKNOWN,
    /** Nothing, nor does anything inside it: it is about something else than the list. */
    UNRELATED;

    private static final Pattern WORD_ENDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");
    private static final Pattern MORE_NAMES =
            Pattern.compile("next.*|.*(?:next|more|next_?page)|continu.*|.*continuation.*"
                    + "|.*(?:next|cursor)(?:token|id|link|key|uri|url)|.*(?:cursor|cursors|scrollid|pagetoken|synctoken)"
                    + "|.*remaining.*|lastevaluatedkey");
    private static final Pattern PART_NAMES = Pattern.compile(
            ".*(?:truncat|partial|incomplete|capped|clipped|cropped|cutoff|overflow|(?<!un)limited|degraded).*");
    private static final Set<String> MORE_WORDS = Set.of("next", "more", "after", "marker", "rest", "left", "cursor");
    private static final Set<String> CUT_NAMES =
            Set.of("overflow", "capped", "clipped", "timedout", "stale", "error", "errors", "failures", "degraded");

    private static final Set<String> CUT_WORDS =
            Set.of("failed", "missing", "dropped", "excluded", "omitted", "skipped", "hidden");
    private static final Pattern LIMITED =
            Pattern.compile(".*(?:(?<!un)limited|(?:limit|max|maximum)(?:reached|exceeded|hit))");
    private static final Pattern COUNT_HEADERS = Pattern.compile(
            "count|pagination.*|(?:paging|list|collection|search|response)-?count|(?:result|item|record|row|element|token|entry|page)s?-?count");
    /** Beginnings, or words anywhere. */
    private static final Pattern OF_PAGES =
            Pattern.compile("^(?:next|has|more)|pag(?:e|ing|inat)|cursor|marker|continu|offset|link|list|result|scroll"
                    + "|collection|query|search|response|token|item|next|more");

    /** What remains of something is mostly of a quota: of requests, of queries, of tokens of another kind. */
    private static final Pattern OF_LIST =
            Pattern.compile("^(?:next|has|more)|pag(?:e|ing|inat)|list|result|collection");

    private static final Pattern PAGE_WORDS =
            Pattern.compile("pag(?:e|es|ed|er|ing|ination|inated|inator)(?:state|info|data)?");
    /** Of pages that people look at. */
    private static final Set<String> OTHER_PAGES =
            Set.of("speed", "status", "error", "landing", "login", "home", "code", "title", "view", "template", "name");

    /** Who says it, in the names of headers: Microsoft's ms is no time. */
    private static final Set<String> VENDORS = Set.of("ms", "amz", "goog");
    /** Of a part of the list: what it says depends on the rest of its name. */
    private static final Set<String> PARTS = Set.of("offset", "window", "skip", "filtered", "shown", "range", "slice");

    private static final Set<String> FORWARD = Set.of("next", "more");
    private static final Set<String> BACKWARD = Set.of("prev", "previous", "before", "start", "first");
    private static final Set<String> UNRELATED_WORDS = Set.of(
            "quota",
            "rate",
            "ratelimit",
            "limits",
            "usage",
            "retry",
            "retries",
            "attempt",
            "attempts",
            "cache",
            "expired",
            "envoy",
            "plan",
            "billing",
            "runtime",
            "padding",
            "upstream",
            "hops",
            "middleware",
            "session");

    private static final Set<String> END_WORDS = Set.of(
            "last",
            "islast",
            "islastpage",
            "lastpage",
            "done",
            "complete",
            "completed",
            "end",
            "final",
            "finished",
            "exhausted",
            "success",
            "whole",
            "all");
    private static final Set<String> THINGS =
            Set.of("records", "results", "rows", "entries", "items", "elements", "hits", "tokens", "objects");
    private static final Set<String> TOTAL_WORDS = Set.of("total", "count", "found", "available");
    private static final Set<String> LIMITS = Set.of("limit", "perpage", "pagesize", "maxresults", "maxitems");
    /** Of numbers that grow with something else than the list. */
    private static final Set<String> MEASURES = Set.of(
            "requests",
            "queries",
            "calls",
            "connections",
            "time",
            "ms",
            "millis",
            "seconds",
            "duration",
            "took",
            "bytes",
            "elapsed",
            "latency");

    /** Of what stands in any answer, about who gave it, when, or to which call. */
    private static final Set<String> HARMLESS_WORDS = Set.of(
            "id",
            "uuid",
            "guid",
            "trace",
            "span",
            "request",
            "correlation",
            "timestamp",
            "date",
            "version",
            "api",
            "server",
            "host",
            "node",
            "region",
            "environment",
            "self",
            "type",
            "kind",
            "object",
            "schema",
            "context",
            "etag",
            "hash",
            "signature",
            "tenant",
            "org",
            "organization",
            "user",
            "locale",
            "copyright",
            "documentation",
            "code");

    /** @param name as it was written, such as {@code @odata.nextLink} or {@code X-Total-Count} */
    static PageSign of(String name) {
        List<String> words = words(name);
        if (words.size() > 1 && VENDORS.contains(words.get(0))) {
            words = words.subList(1, words.size());
        }
        String squeezed = String.join("", words);
        if (PART_NAMES.matcher(squeezed).matches()) {
            return PART;
        } else if (has(words, UNRELATED_WORDS) || squeezed.contains("ratelimit")) {
            return UNRELATED;
        } else if (LIMITED.matcher(squeezed).matches()) {
            return PART;
        } else if (squeezed.endsWith("moreinfo")) {
            return WORDS;
        } else if (has(words, BACKWARD) && !has(words, FORWARD)) {
            return NONE;
        } else if (MORE_NAMES.matcher(squeezed).matches() || has(words, MORE_WORDS)) {
            return MORE;
        } else if (CUT_NAMES.contains(squeezed) || has(words, CUT_WORDS)) {
            return CUT;
        } else if (has(words, MEASURES)) {
            return NONE;
        } else if (LIMITS.contains(squeezed) || squeezed.matches(".*(?:perpage|pagesize|pagelimit)|max[a-z]+s")) {
            return LIMIT;
        } else if (words.equals(List.of("of"))
                || squeezed.contains("page") && isCount(words, squeezed)
                || squeezed.matches(".*pages|.*(?<!is)lastpage|.*pagelast")) {
            return PAGES;
        } else if (squeezed.matches("page|currentpage|pagenumber|number")) {
            return PAGE;
        } else if (words.contains("all") && has(words, THINGS)) {
            return TOTAL;
        } else if (has(words, END_WORDS) || END_WORDS.contains(squeezed)) {
            return END;
        } else if (isCount(words, squeezed) && squeezed.matches(".*count") && !squeezed.contains("total")) {
            return COUNT;
        } else if (isCount(words, squeezed) || isLast(words, "range") || has(words, THINGS) && !has(words, PARTS)) {
            return TOTAL;
        }
        if (squeezed.matches(
                ".*(?:warning|notice|message|hint|msg|info|note|detail)s?|status|state|result|completeness")) {
            return WORDS;
        }
        return has(words, HARMLESS_WORDS) ? NONE : UNKNOWN;
    }

    /**
     * What the name of a header says. Whatever is on the way counts, limits and hands on many other things there: so only
     * what says that it is about a page, or about all, counts.
     */
    static PageSign ofHeader(String name) {
        PageSign sign = of(name);
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (sign) {
            case MORE ->
                !lower.contains("expire")
                                && (lower.contains("remaining") ? OF_LIST : OF_PAGES)
                                        .matcher(lower)
                                        .find()
                        ? sign
                        : NONE;
            case LIMIT -> lower.contains("page") ? sign : NONE;
            case TOTAL -> lower.matches(".*(?:total|found|range).*") ? sign : NONE;
            case COUNT -> COUNT_HEADERS.matcher(lower).matches() ? sign : NONE;
            case UNKNOWN, NONE, WORDS ->
                !isOfPages(name) ? NONE : lower.endsWith("-page") ? PAGE : sign == NONE ? NONE : UNKNOWN;
            default -> sign;
        };
    }

    /** Whether a header of that name is about the pages of a list, whatever it says of them. */
    private static boolean isOfPages(String name) {
        List<String> words = words(name);
        return words.stream().anyMatch(word -> PAGE_WORDS.matcher(word).matches()) && !has(words, OTHER_PAGES);
    }

    private static List<String> words(String name) {
        return Arrays.stream(WORD_ENDS.split(name))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Whether what it says depends on the value, which is anybody's. */
    boolean isInWords() {
        return this == WORDS || this == UNKNOWN;
    }

    /** Whether it says how much there is, or which part of that this is. */
    boolean isAmount() {
        return this == TOTAL || this == COUNT || this == PAGES || this == PAGE || this == LIMIT;
    }

    private static boolean isLast(List<String> words, String word) {
        return !words.isEmpty() && words.get(words.size() - 1).equals(word);
    }

    private static boolean isCount(List<String> words, String squeezed) {
        return !words.isEmpty() && TOTAL_WORDS.contains(words.get(words.size() - 1))
                || squeezed.contains("total")
                || squeezed.matches(".*(?:result|item|record|row|element|token|page|entry|object)count");
    }

    private static boolean has(List<String> words, Set<String> some) {
        return words.stream().anyMatch(some::contains);
    }
}
