package io.jenkins.plugins.qwiet.api;

import java.util.List;
import java.util.Locale;
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
    private static final Pattern KEPT = Pattern.compile("(?i)(?<![a-z-])(?:(?:\\w+_)?hit|stale|updating)\\b");
    /** Such as {@code X-From-Cache: 1}. */
    private static final Set<String> YES = Set.of("1", "true", "yes", "on");
    /** Of a header whose name has the word in it, but that says nothing of this answer. */
    private static final List<String> OTHER_NAMES = List.of("control", "key", "tag", "tags", "ttl", "group", "misses");
    /** RFC 7234, 5.5. */
    private static final Pattern STALE = Pattern.compile("\\b11[0123]\\b");
    /** Of Varnish: the request that is answered, and that by which the answer came. */
    private static final Pattern TWO_REQUESTS = Pattern.compile("[0-9]+ +[0-9]+.*");

    private static final Pattern TIMING = Pattern.compile("(?i).*cache[^,]*;\\s*desc=\"?(?:\\w+_)?hit\\b.*");

    private CacheSigns() {}

    /** Whether a cache on the way says that it had kept this answer. */
    static boolean wasKept(Headers headers) {
        String age = headers.get("Age");
        boolean kept = age != null && number(age.trim()) > FRESH_SECONDS
                || STALE.matcher(String.join(",", headers.values("Warning"))).find();
        for (int i = 0; i < headers.size() && !kept; i++) {
            kept = saysSo(
                    headers.name(i).toLowerCase(Locale.ROOT), headers.value(i).trim());
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
            return TIMING.matcher(value).matches();
        } else if (!name.contains("cache") || OTHER_NAMES.stream().anyMatch(other -> name.endsWith("-" + other))) {
            return false;
        }
        boolean hits = name.endsWith("hits") && number(value) > 0;
        return hits || KEPT.matcher(value).find() || YES.contains(value.toLowerCase(Locale.ROOT));
    }
}
