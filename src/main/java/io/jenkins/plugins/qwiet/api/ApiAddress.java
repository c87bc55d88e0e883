package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * Where Qwiet's API is: an https address, or an http address of this machine itself (for a stand-in in a test or demo).
 * However it was typed, one place has one address: scheme and host in lower case, no port that is the default anyway; in
 * the path no dots, no signs escaped that need not be, and no slash at the end or behind another one.
 *
 * @param base in that form
 */
public record ApiAddress(@NonNull String base) {
    /** The address of Qwiet's shared service. */
    public static final String DEFAULT = "https://app.shiftleft.io/api/v4";

    private static final Texts TEXTS = Texts.of(ApiAddress.class);

    private static final Set<String> LOOPBACK = Set.of("localhost", "localhost.", "127.0.0.1", "::1");

    private static final Pattern ESCAPED = Pattern.compile("%([0-9A-Fa-f]{2})");
    private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");

    /** @throws IllegalArgumentException if it is no address at all; {@link #parse} says what else is wrong */
    public ApiAddress {
        HttpUrl url = HttpUrl.get(base);
        String path = plain(url.encodedPath());
        // A dot behind a host's name says that it is the whole name: it is the same host.
        String host = url.host();
        String name = host.length() > 1 && host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        // A journal has one for each lease: what was written here is as it should be.
        boolean same = name.equals(host) && path.equals(url.encodedPath());
        base = (same ? url : url.newBuilder().host(name).encodedPath(path).build())
                .toString()
                .replaceAll("/+$", "");
    }

    /** Without what changes no path: signs that need not be escaped (RFC 3986, 6.2.2), and slashes behind slashes. */
    private static String plain(String path) {
        if (!path.contains("//") && path.indexOf('%') < 0) {
            return path;
        }
        return ESCAPED.matcher(path.replaceAll("/{2,}", "/")).replaceAll(escaped -> {
            String sign = String.valueOf((char) Integer.parseInt(escaped.group(1), 16));
            return UNRESERVED.matcher(sign).matches() ? sign : escaped.group().toUpperCase(Locale.ROOT);
        });
    }

    /**
     * Reads an address that a person typed.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what to type instead
     */
    @NonNull
    public static ApiAddress parse(@NonNull String text) {
        String trimmed = text.trim().replaceAll("/+$", "");
        HttpUrl url = HttpUrl.parse(trimmed);
        URI uri;
        try {
            boolean ascii = trimmed.chars().allMatch(c -> c < 0x80);
            // A host's name may have other letters; java.net knows none.
            uri = new URI(ascii || url == null ? trimmed : url.toString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(TEXTS.get("ApiAddress.noUrl", DEFAULT));
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        // OkHttp is stricter about ports and hosts, but takes the underscore that java.net does not.
        if (url == null || uri.getRawAuthority() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw new IllegalArgumentException(TEXTS.get("ApiAddress.noHttps", DEFAULT));
        }
        if (uri.getRawAuthority().indexOf('@') >= 0 || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(TEXTS.get("ApiAddress.more", DEFAULT));
        }
        if (scheme.equals("http") && !LOOPBACK.contains(url.host())) {
            throw new IllegalArgumentException(TEXTS.get("ApiAddress.plainHttp"));
        }
        return new ApiAddress(trimmed);
    }

    /** The host alone, as needed to look up a proxy. */
    @NonNull
    public String host() {
        String host = HttpUrl.get(base).host();
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** Whether it is on the host of Qwiet's shared service. */
    public boolean isShared() {
        return hostAndPort().equals(new ApiAddress(DEFAULT).hostAndPort());
    }

    /** The host, and its port if that is not the usual one: what Qwiet's command line calls a host. */
    @NonNull
    public String hostAndPort() {
        return URI.create(base).getRawAuthority();
    }

    @Override
    public String toString() {
        return base;
    }
}
