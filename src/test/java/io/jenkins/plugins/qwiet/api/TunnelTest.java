package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A token is minted over TLS inside a tunnel of a proxy with a login, and the tunnel breaks. */
@Timeout(60)
class TunnelTest {
    private static final String LOGIN = Credentials.basic("me", "hunter2");
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path directory;

    private static KeyStore keys;

    @RegisterExtension
    private final OverFake over = new OverFake();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private ServerSocket tls;
    private Relay relay;
    private ServerSocket proxy;
    private Transport http;

    @BeforeEach
    void start() throws Exception {
        SSLContext context = context();
        tls = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        int fake = URI.create(over.fake.address()).getPort();
        daemon(() -> serve(tls, client -> join(client, fake)));
        relay = new Relay(tls.getLocalPort());
        proxy = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        daemon(() -> serve(proxy, this::tunnel));
        var settings = new ConnectionSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                new HttpProxy("127.0.0.1", proxy.getLocalPort(), "me", SecretText.of("hunter2")),
                "qwiet-ci-token");
        http = new Transport(HttpClientFactory.client(settings)
                .sslSocketFactory(context.getSocketFactory(), trust())
                .build());
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        proxy.close();
        relay.close();
        tls.close();
    }

    private QwietClient client() {
        return over.client(http, "https://localhost:" + tls.getLocalPort() + "/api/v4");
    }

    @Test
    void theLoginIsForTheProxyAloneAndTheTokenForQwietAlone() {
        assertThat(client().create(OverFake.TOKEN).join()).isInstanceOf(Done.class);

        assertThat(over.organization.minted()).isEqualTo(1);
        assertThat(asked)
                .singleElement()
                .satisfies(head -> assertThat(head)
                        .startsWith("CONNECT localhost:" + tls.getLocalPort())
                        .contains(LOGIN)
                        .doesNotContain(over.organization.serviceAccount()));
        assertThat(over.fake.requests().get(0).headers()).doesNotContainKey("proxy-authorization");
    }

    @Test
    void whatATunnelSwallowedIsSentOnceAndUnsure() throws Exception {
        Hold hold = over.fake.hold(Operation.CREATE);
        CompletableFuture<Outcome<MintedToken>> mint = client().create(OverFake.TOKEN);
        hold.awaitArrived(Duration.ofSeconds(20));

        relay.hangUp();

        assertThat(mint.join()).isInstanceOf(Unsure.class);
        hold.release();
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(1);
        assertThat(asked).hasSize(1);
    }

    /** As balancers and proxies do with what was idle: without a word, or with the end of the connection. */
    @Test
    void noMintGoesIntoATunnelThatMayBeDead() throws Exception {
        assertThat(client().create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
        relay.forget();
        assertThat(client().create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
        relay.hangUp();
        assertThat(client().create(OverFake.TOKEN).join()).isInstanceOf(Done.class);

        assertThat(over.organization.minted()).isEqualTo(3);
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(3);
        assertThat(asked).hasSize(3);
    }

    @Test
    void a503WithinATunnelIsNotSentAgain() {
        over.fake.faultAlways(Fault.status(Operation.CREATE, 503, "UNAVAILABLE", "later"));

        assertThat(client().create(OverFake.TOKEN).join()).isInstanceOf(Unsure.class);

        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(1);
    }

    private interface Guest {
        void come(Socket client) throws IOException;
    }

    private static void serve(ServerSocket server, Guest guest) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                daemon(() -> {
                    try {
                        guest.come(client);
                    } catch (IOException e) {
                        // It hung up.
                    }
                });
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void tunnel(Socket client) throws IOException {
        String head = head(client.getInputStream());
        asked.add(head);
        boolean known = head.contains(LOGIN);
        String answer = known ? "200 OK" : "407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0";
        client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        if (known) {
            join(client, relay.port());
        } else {
            client.close();
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("it hung up");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void join(Socket client, int port) throws IOException {
        var onwards = new Socket(InetAddress.getByName("127.0.0.1"), port);
        daemon(() -> pass(onwards, client));
        pass(client, onwards);
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of them hung up.
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    private static KeyStore keys() throws Exception {
        if (keys == null) {
            Path file = directory.resolve("keys.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "it",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=dns:localhost",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            new String(PASSWORD))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
            keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                keys.load(in, PASSWORD);
            }
        }
        return keys;
    }

    private static X509TrustManager trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("it", keys().getCertificate("it"));
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static SSLContext context() throws Exception {
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys(), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), new X509TrustManager[] {trust()}, null);
        return context;
    }
}
