package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.Headers;

/**
 * What a cache on the way says of an answer that it had kept. No list of such headers ends, and a cache may say nothing: that
 * an answer is of now, these do not prove.
 */
final class CacheSigns {
    /** Seconds that a cache may have kept an answer: a little more than clocks are exact. */
    private static final long FRESH_SECONDS = 5;

    private static final int LONGEST_NUMBER = 15;
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    /** A word of what one cache says, but not of what it says behind that, which may be a host's name. */
    static final Pattern KEPT =
            Pattern.compile("(?i)(?:hit|(?<![a-z])(?:stale|updating|fresh|(?:served )?from cache|cached))(?![a-z])");

    static final Pattern HOST = Pattern.compile("(?i)\\s(?:from|at|by|via)\\s(?!cache).*");
    /** It was not taken from what was kept, or asked for anew. */
    static final Pattern NOT_KEPT = Pattern.compile("(?i)hit[ _-]?for[ _-]?(?:pass|miss)|stale\\s*[,/]\\s*(?:in)?valid"
            + "|(?<![a-z])(?:no|non|not)[ _-]?(?:hit|cached|stale|fresh)"
            + "|(?:hit|cached|stale|fresh)\\s*=\\s*\"?(?:false|no|0)\\b");
    /** A parameter of {@code Cache-Status}, RFC 9211; {@code fwd=stale} says that it was asked for anew. */
    static final Pattern HIT = Pattern.compile("(?i).*;\\s*hit\\s*(?:;.*)?");
    /** Such as {@code X-From-Cache: 1}. */
    private static final Set<String> YES = Set.of("1", "true", "yes", "on");

    private static final Pattern YES_NAMES =
            Pattern.compile(".*(?:from-?cache|cache-?hit|cached)(?:-(?:response|answer|result|content|data))?");
    /** Whose value is a rule, a key or a number. */
    private static final Pattern OTHER_NAMES = Pattern.compile(
            ".*-(?:control|key|tags?|ttl|group|misses|policy|directives?|node|host|server|id|name|age|ratio|version)");
    /** RFC 7234, 5.5. */
    private static final Pattern STALE = Pattern.compile("\\b11[0123]\\b");
    /** Of Varnish: the request that is answered, and that by which the answer came. */
    static final Pattern TWO_REQUESTS = Pattern.compile("[0-9]+ +[0-9]+.*");

    static final Pattern COMMENT = Pattern.compile("[(][^)]*+[)]?+");
    static final Pattern TIMING = Pattern.compile("(?i);\\s*+desc=\"?+(?:\\w+_)?hit\\b");

    private static final Set<String> READ = Set.of("age", "warning", "via", "server-timing", "x-varnish");

    private CacheSigns() {}

    /** Whether the value of a header of that name, in lower case, is looked through. */
    static boolean isRead(String name) {
        return READ.contains(name) || name.contains("cache");
    }

    /** When the answer was given; null if it does not say. Of several, the earliest: whoever adds one does not make it newer. */
    @CheckForNull
    static Date date(Headers headers) {
        return headers.values("Date").stream()
                .map(date -> Headers.of("Date", date).getDate("Date"))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Whether a cache on the way says that it had kept this answer. */
    static boolean wasKept(Headers headers) {
        String ages = String.join(",", headers.values("Age")).replaceAll("[.][0-9]*", "");
        boolean kept = NUMBER.matcher(ages).results().anyMatch(one -> number(one.group()) > FRESH_SECONDS)
                || STALE.matcher(String.join(",", headers.values("Warning"))).find();
        for (int i = 0; i < headers.size() && !kept; i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            // Squid had it, and asked for it anew all the same, if it says that this was none.
            boolean said = name.equals("x-cache-lookup") && headers.get("X-Cache") != null;
            kept = !said && saysSo(name, headers.value(i).trim());
        }
        return kept;
    }

    /** 0 for what is none. */
    private static long number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return 0;
        }
        return text.length() > LONGEST_NUMBER ? Long.MAX_VALUE : Long.parseLong(text);
    }

    private static boolean saysSo(String name, String value) {
        if (name.equals("x-varnish")) {
            return TWO_REQUESTS.matcher(value).matches();
        } else if (name.equals("server-timing")) {
            return Arrays.stream(value.split(",")).anyMatch(CacheSigns::isTimedHit);
        } else if (name.equals("via")) {
            return COMMENT.matcher(value).results().anyMatch(comment -> isKept(comment.group()));
        } else if (name.equals("cache-status")) {
            return Arrays.stream(value.split(","))
                    .anyMatch(each -> HIT.matcher(each).matches());
        } else if (!name.contains("cache") || OTHER_NAMES.matcher(name).matches() && !name.endsWith("cache-age")) {
            return false;
        }
        return name.endsWith("hits") && number(value) > 0
                || name.endsWith("cache-age") && number(value) > FRESH_SECONDS
                || YES_NAMES.matcher(name).matches() && YES.contains(value.toLowerCase(Locale.ROOT))
                || Arrays.stream(NOT_KEPT.matcher(value).replaceAll("").split(","))
                        .anyMatch(CacheSigns::isKept);
    }

    /** @param metric of {@code Server-Timing}, such as {@code cdn-cache; desc=HIT} */
    private static boolean isTimedHit(String metric) {
        int cache = metric.toLowerCase(Locale.ROOT).indexOf("cache");
        return cache >= 0 && TIMING.matcher(metric).find(cache);
    }

    private static boolean isKept(String one) {
        return KEPT.matcher(HOST.matcher(one).replaceAll("")).find();
    }
}
