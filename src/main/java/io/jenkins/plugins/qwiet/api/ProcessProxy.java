package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The proxy that the Java process was started with. Java itself knows host, port and the hosts that need none
 * ({@code https.proxyHost}, {@code https.proxyPort}, {@code http.nonProxyHosts}, {@code java.net.useSystemProxies}; see
 * "Networking Properties" of its documentation); user and password are given beside them by custom, as
 * {@code https.proxyUser} and {@code https.proxyPassword}.
 */
public final class ProcessProxy {
    private ProcessProxy() {}

    /** Null to connect directly. */
    @CheckForNull
    public static HttpProxy to(@NonNull ApiAddress address) {
        return to(address, ProxySelector.getDefault(), System::getProperty);
    }

    @CheckForNull
    static HttpProxy to(ApiAddress address, @CheckForNull ProxySelector selector, UnaryOperator<String> properties) {
        URI uri = URI.create(address.base());
        if (selector == null || isExcepted(address.host(), properties.apply("https.nonProxyHosts"))) {
            return null;
        }
        return selector.select(uri).stream()
                .filter(proxy -> proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress)
                .map(proxy -> (InetSocketAddress) proxy.address())
                .findFirst()
                .map(at -> withLogin(at, uri.getScheme(), properties))
                .orElse(null);
    }

    private static HttpProxy withLogin(InetSocketAddress at, String scheme, UnaryOperator<String> properties) {
        return Stream.of(scheme, "https", "http")
                .distinct()
                .filter(prefix -> isOf(at, properties.apply(prefix + ".proxyHost")))
                .map(prefix -> login(at, prefix, properties))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> new HttpProxy(at.getHostString(), at.getPort(), null, null));
    }

    /** A login is sent to the host that it was given for, or to the system's proxy if it was given for none. */
    private static boolean isOf(InetSocketAddress at, @CheckForNull String host) {
        return host == null || host.isBlank() || host.trim().equalsIgnoreCase(at.getHostString());
    }

    @CheckForNull
    private static HttpProxy login(InetSocketAddress at, String prefix, UnaryOperator<String> properties) {
        String user = properties.apply(prefix + ".proxyUser");
        String password = properties.apply(prefix + ".proxyPassword");
        return user == null || user.isEmpty()
                ? null
                : new HttpProxy(
                        at.getHostString(),
                        at.getPort(),
                        user,
                        SecretText.of(Objects.requireNonNullElse(password, "")));
    }

    /** Not a property of Java's, which reads the one of http for both; but given by those who expect it. */
    private static boolean isExcepted(String host, @CheckForNull String patterns) {
        return patterns != null
                && Arrays.stream(patterns.split("[|,\\s]+"))
                        .filter(pattern -> !pattern.isEmpty())
                        .anyMatch(pattern -> Pattern.compile(
                                        Arrays.stream(pattern.split("\\*", -1))
                                                .map(Pattern::quote)
                                                .collect(Collectors.joining(".*")),
                                        Pattern.CASE_INSENSITIVE)
                                .matcher(host)
                                .matches());
    }
}
