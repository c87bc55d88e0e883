package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** As a Java process is started in a network that lets nothing out by itself. */
class ProcessProxyTest {
    private static final ApiAddress QWIET = ApiAddress.parse(ApiAddress.DEFAULT);
    private static final HttpProxy BARE = new HttpProxy("proxy.example", 3128, null, null);
    private static final HttpProxy WITH_LOGIN = new HttpProxy("proxy.example", 3128, "me", SecretText.of("hunter2"));

    private static ProxySelector selecting(Proxy... proxies) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(proxies);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException problem) {}
        };
    }

    private static Proxy http() {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.example", 3128));
    }

    private static HttpProxy to(Map<String, String> properties, Proxy... proxies) {
        return ProcessProxy.to(QWIET, selecting(proxies), properties::get);
    }

    @Test
    void userAndPasswordAreThoseBesideIt() {
        assertThat(to(Map.of(), http())).isEqualTo(BARE);
        assertThat(to(
                        Map.of(
                                "https.proxyHost", "Proxy.example",
                                "https.proxyUser", "me",
                                "https.proxyPassword", "hunter2"),
                        http()))
                .isEqualTo(WITH_LOGIN);
        assertThat(to(Map.of("http.proxyUser", "me", "http.proxyPassword", "hunter2"), http()))
                .isEqualTo(WITH_LOGIN);
    }

    @Test
    void aLoginIsForTheProxyThatItWasGivenFor() {
        assertThat(to(
                        Map.of(
                                "http.proxyHost", "other.example",
                                "http.proxyUser", "me",
                                "http.proxyPassword", "hunter2"),
                        http()))
                .isEqualTo(BARE);
    }

    @Test
    void someHostsNeedNone() {
        assertThat(to(Map.of(), Proxy.NO_PROXY)).isNull();
        assertThat(to(Map.of("https.nonProxyHosts", "localhost|*.ShiftLeft.io"), http()))
                .isNull();
        assertThat(to(Map.of("https.nonProxyHosts", "shiftleft.io|app*"), http()))
                .isNull();
        assertThat(to(Map.of("https.nonProxyHosts", "shiftleft.io| "), http())).isEqualTo(BARE);
        assertThat(ProcessProxy.to(QWIET, null, name -> null)).isNull();
    }

    @Test
    void whatIsNoHttpProxyIsPassedOver() {
        var socks = new Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved("socks.example", 1080));
        assertThat(to(Map.of(), socks, http())).isEqualTo(BARE);
        assertThat(to(Map.of(), socks)).isNull();
    }

    /** Java's own reading of its properties. */
    @Test
    void javaKnowsItsProperties() {
        var properties = Map.of(
                "https.proxyHost", "proxy.example",
                "https.proxyPort", "3128",
                "http.nonProxyHosts", "*.elsewhere.example",
                "https.proxyUser", "me",
                "https.proxyPassword", "hunter2");
        properties.forEach(System::setProperty);
        try {
            assertThat(ProcessProxy.to(QWIET)).isEqualTo(WITH_LOGIN);
            assertThat(ProcessProxy.to(ApiAddress.parse("https://qwiet.elsewhere.example")))
                    .isNull();
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }
}
