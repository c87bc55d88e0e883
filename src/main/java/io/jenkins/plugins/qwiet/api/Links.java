package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** Where a page says that the next one is. For one page, or for several. */
final class Links {
    /** Of links that lead to no other part of the list, or back. */
    private static final Set<String> NOT_ON =
            Set.of("self", "first", "last", "prev", "previous", "up", "collection", "help", "canonical", "describedby");

    // Nothing in these is read twice, however long it is.
    static final Pattern LINK = Pattern.compile("<([^<>]*+)>([^<]*+)");
    static final Pattern REL = Pattern.compile("(?i);\\s*+rel\\s*+=\\s*+(?:\"([^\"]*+)|'([^']*+)|([^\\s\"';,]++))");
    private static final Pattern NEXT = Pattern.compile("(?i)\\bnext\\b");

    private final List<String> addresses = new ArrayList<>();

    /** Of the page that comes next, those alone count. */
    void become(Links others) {
        addresses.clear();
        addresses.addAll(others.addresses);
    }

    void add(String address) {
        addresses.add(address);
    }

    /** Reads headers, as RFC 8288 says; tells whether there is more. */
    boolean see(List<String> headers) {
        boolean more = false;
        Matcher link = LINK.matcher(String.join(",", headers));
        while (link.find()) {
            if (isNext(link.group(2))) {
                more = true;
                addresses.add(0, link.group(1).trim());
            }
        }
        return more;
    }

    /** @param parameters of a link */
    private static boolean isNext(String parameters) {
        return REL.matcher(parameters)
                .results()
                .flatMap(rel -> Stream.of(rel.group(1), rel.group(2), rel.group(3)))
                .anyMatch(rel -> rel != null && NEXT.matcher(rel).find());
    }

    /**
     * Reads one as in {@code {"rel": "next", "href": "…"}}; tells whether there is more.
     *
     * @param rel empty if it is none
     */
    boolean see(String rel, String address) {
        boolean more = false;
        for (String one : rel.toLowerCase(Locale.ROOT).split("\\s+")) {
            if (one.equals("next")) {
                addresses.add(address.isBlank() ? one : address);
            }
            more |= !one.isEmpty() && !NOT_ON.contains(one);
        }
        return more;
    }

    /**
     * Where the next page is: an address of the same list, with nothing changed but its query. Null if there is none, or it
     * cannot be told safely: a page's number or a cursor alone does not say how it is asked for.
     */
    @CheckForNull
    HttpUrl next(HttpUrl list) {
        for (String link : addresses) {
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
