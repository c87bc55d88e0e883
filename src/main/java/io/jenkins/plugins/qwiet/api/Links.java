package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    private static final Pattern NEXT = Pattern.compile("(?i)\\b(?:next|more)(?![a-z])|\\bnext_?page");

    /** What may be named beside the tokens, by its name. */
    private static final Pattern NAMED =
            Pattern.compile("(?i)(?:.*\\.)?(first|last|self)(?:[._-]?(?:page|link|href|url|uri))*+");

    private static final Set<String> ENDS = Set.of("first", "last", "self");

    private final List<String> addresses = new ArrayList<>();
    /** Addresses of the first page, of the last, and of this one. */
    private final Map<String, String> ends = new HashMap<>();

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
            String address = link.group(1).trim();
            for (String rel : rels(link.group(2))) {
                if (NEXT.matcher(rel).find()) {
                    more = true;
                    addresses.add(0, address);
                }
                end(rel, address);
            }
        }
        return more;
    }

    /** @param parameters of a link */
    private static List<String> rels(String parameters) {
        return REL.matcher(parameters)
                .results()
                .flatMap(rel -> Stream.of(rel.group(1), rel.group(2), rel.group(3)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Sees a text beside the tokens, which may be where the last page is: {@code {"last": {"href": "…"}}}. */
    void named(String path, String text) {
        Matcher name = NAMED.matcher(path);
        if (name.matches() && isAddress(text)) {
            end(name.group(1), text);
        }
    }

    private void end(String rels, String address) {
        for (String rel : rels.toLowerCase(Locale.ROOT).split("\\s+")) {
            if (ENDS.contains(rel)) {
                ends.putIfAbsent(rel, address);
            }
        }
    }

    /**
     * Whether the last page is said to be another one than this, and than the first.
     *
     * @param list as {@link #next}
     */
    boolean leadOn(HttpUrl page, HttpUrl list) {
        String last = ends.get("last");
        if (last == null) {
            return false;
        }
        HttpUrl address = page.resolve(last);
        return Stream.of("first", "self")
                        .map(ends::get)
                        .filter(Objects::nonNull)
                        .noneMatch(other -> last.equals(other) || isSame(address, page.resolve(other), list))
                && !isSame(address, page, list);
    }

    private static boolean isSame(@CheckForNull HttpUrl address, @CheckForNull HttpUrl other, HttpUrl list) {
        return address != null
                && other != null
                && address.encodedPath().equals(other.encodedPath())
                && query(withQueryOf(list, address)).equals(query(withQueryOf(list, other)));
    }

    /** Adds what the list was asked by and the address does not name: some links have nothing but the page's number. */
    private static HttpUrl withQueryOf(HttpUrl list, HttpUrl address) {
        HttpUrl.Builder whole = address.newBuilder();
        Set<String> named = address.queryParameterNames();
        for (int i = 0; i < list.querySize(); i++) {
            if (!named.contains(list.queryParameterName(i))) {
                whole.addQueryParameter(list.queryParameterName(i), list.queryParameterValue(i));
            }
        }
        return whole.build();
    }

    /** In any order. */
    private static Map<String, List<String>> query(HttpUrl url) {
        return url.queryParameterNames().stream().collect(Collectors.toMap(name -> name, url::queryParameterValues));
    }

    static boolean isAddress(String link) {
        return link.startsWith("?") && link.length() > 1 || link.startsWith("/") || link.matches("(?i)https?://.*");
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
        end(rel, address);
        return more;
    }

    /**
     * Where the next page is: an address of the same list, with nothing changed but its query, and with the list's own where
     * the link drops it. Null if there is none, or it cannot be told safely: a page's number or a cursor alone does not say
     * how it is asked for.
     *
     * @param list how its first page was asked for
     */
    @CheckForNull
    HttpUrl next(HttpUrl list) {
        for (String link : addresses) {
            HttpUrl url = isAddress(link) ? list.resolve(link) : null;
            if (url != null
                    && url.scheme().equals(list.scheme())
                    && url.host().equals(list.host())
                    && url.port() == list.port()
                    && url.encodedPath().equals(list.encodedPath())
                    && url.username().isEmpty()
                    && url.password().isEmpty()
                    && url.querySize() > 0) {
                return withQueryOf(list, url);
            }
        }
        return null;
    }
}
