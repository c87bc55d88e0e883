package io.jenkins.plugins.qwiet.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No bearer, value or password is in anything that somebody might print. */
class SecretsTest {
    @RegisterExtension
    private final OverFake over = new OverFake();

    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private final Queue<String> printed = new ConcurrentLinkedQueue<>();
    private final Handler everything = new Handler() {
        @Override
        public void publish(LogRecord record) {
            printed.add(record.getMessage() + " " + Arrays.toString(record.getParameters()));
            if (record.getThrown() != null) {
                printed.add(stackTrace(record.getThrown()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        root.setLevel(Level.ALL);
        root.addHandler(everything);
    }

    @AfterEach
    void stop() {
        root.removeHandler(everything);
        root.setLevel(before);
    }

    private static String stackTrace(Throwable problem) {
        var text = new StringWriter();
        problem.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void noCallPrintsASecret() {
        String bearer = over.organization.serviceAccount();
        var faults = new ArrayList<Fault>(List.of(
                Fault.status(Operation.ANY, 400, "BAD", "not " + bearer, bearer + " is bad"),
                Fault.status(Operation.ANY, 401, bearer, "x"),
                Fault.status(Operation.ANY, 500, "INTERNAL", "broken at Bearer " + bearer),
                Fault.garbage(Operation.ANY),
                Fault.truncatedJson(Operation.ANY),
                Fault.cutDuringBody(Operation.ANY),
                Fault.missingField(Operation.ANY, "id"),
                Fault.missingField(Operation.ANY, "ok"),
                Fault.huge(Operation.ANY, 2_000_000),
                Fault.tooManyRequests(Operation.ANY, "1"),
                Fault.redirect(Operation.ANY, 302, "/?" + bearer)));
        var client = over.client();
        for (Fault fault : faults) {
            over.fake.fault(fault);
            printed.add(client.create(OverFake.TOKEN).join().toString());
            over.fake.fault(fault);
            printed.add(client.list(ListQuery.LIVE, token -> printed.add(token.toString()))
                    .join()
                    .toString());
            over.fake.fault(fault);
            printed.add(client.myScopes().join().toString());
        }
        printed.add(client.create(OverFake.TOKEN).join().toString());
        printed.add(client.toString());
        printed.add(over.client(over.http, over.fake.address(), bearer + "\n" + bearer)
                .myScopes()
                .join()
                .toString());

        assertThat(printed).anyMatch(line -> line.contains("tokens")).anyMatch(line -> line.contains("****"));
        var secrets = new ArrayList<>(
                over.organization.tokens().stream().map(FakeToken::value).toList());
        secrets.add(bearer);
        assertThat(secrets).hasSizeGreaterThan(5);
        for (String secret : secrets) {
            String signature = secret.substring(secret.lastIndexOf('.') + 1);
            assertThat(printed).noneMatch(line -> line.contains(signature));
        }
    }

    /** As proxies and frameworks quote what they did not like. */
    @Test
    void anEchoIsHiddenHoweverItCameBack() {
        String secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqZW5raW5zIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var echo = new Echo(SecretText.of(" " + secret.substring(0, 40) + "\n" + secret.substring(40) + " "));
        for (String came : List.of(
                secret,
                " " + secret + "\n",
                secret.replaceAll("(.{20})", "$1\r\n "),
                secret.replaceAll("(.{30})", "$1\u200b"),
                secret.replaceAll("(.)", "$1 "),
                secret.replace(".", "%2E").replace("-", "%2D"),
                secret.replace(".", "\\u002e"),
                secret.toUpperCase(Locale.ROOT),
                secret.substring(44),
                "x" + secret.substring(70) + "x")) {
            String hidden = echo.hiddenIn("The token '" + came + "' is not valid, sorry");
            assertThat(hidden)
                    .startsWith("The token '")
                    .endsWith("' is not valid, sorry")
                    .contains("****");
            assertThat(hidden.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT))
                    .doesNotContain("wfoejxk", "27uhbu");
        }
        assertThat(echo.hiddenIn("The token is not valid")).isEqualTo("The token is not valid");
        assertThat(new Echo(SecretText.of(" ")).hiddenIn("a b")).isEqualTo("a b");
        assertThat(new Echo(SecretText.of("abc")).hiddenIn("x a-b-c x")).isEqualTo("x **** x");
    }

    /** Whoever quotes it may have escaped it before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJhbGciOiJSUzUxMiJ9.eyJpc3MiOiJzIn0.c2lnbmF0dXJlLW9mLXRoaXM",
                "ab+cd1/ef23g+hi4jkl/mnop5+qrstuvw/xyz123==",
                "0d1c2b3a-77aa-4bcd-8efa-c01020304050"
            })
    void anEchoIsHiddenHoweverItWasEscaped(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        var echo = new Echo(SecretText.of(secret));
        for (String came : List.of(
                secret,
                URLEncoder.encode(secret, UTF_8),
                URLEncoder.encode(URLEncoder.encode(secret, UTF_8), UTF_8),
                each(secret, "%%%02x", true),
                each(secret, "\\u%04x", false),
                each(secret, "\\x%02X", false),
                each(secret, "&#%d;", false),
                each(secret, "&#x%x;", false),
                each(secret, "&#%03d;", false),
                each(secret, "\\%03o", false),
                each(secret, "=%02X", false),
                each(secret, "%%u%04x", false),
                each(secret, "\\\\u%04x", true),
                each(secret, "\\x%02x", true),
                each(secret, "&#%d;", true),
                each(secret, "&#x%x;", true),
                each(secret, "%%25%02X", true),
                each(secret, "%d, ", true),
                secret.replace("+", "&plus;").replace("/", "&sol;").replace("=", "&equals;"),
                HexFormat.of().formatHex(bytes),
                HexFormat.ofDelimiter(":").withUpperCase().formatHex(bytes),
                Base64.getEncoder().encodeToString(bytes),
                Base64.getEncoder().encodeToString(("Bearer " + secret).getBytes(UTF_8)),
                Base64.getUrlEncoder().encodeToString(("x:" + secret).getBytes(UTF_8)),
                Base64.getMimeEncoder().encodeToString((secret + ":x").getBytes(UTF_8)))) {
            String hidden = echo.hiddenIn("bad header: " + came + " (sorry)");
            assertThat(hidden).startsWith("bad header: ").endsWith(" (sorry)").contains("****");
            assertThat(hidden.replaceAll("[^A-Za-z0-9]", "")).as(came).hasSizeLessThan(14 + 10);
        }
        assertThat(echo.hiddenIn("bad header: 20 of 0123456789abcdef0123456789abcdef"))
                .doesNotContain("****");
    }

    /** By other escapes, in other widths, as numbers, with tags between: nothing of it can be read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJhbGciOiJSUzUxMiJ9.eyJpc3MiOiJzIn0.c2lnbmF0dXJlLW9mLXRoaXM",
                "ab+cd1/ef23g+hi4jkl/mnop5+qrstuvw/xyz123==",
                "0d1c2b3a-77aa-4bcd-8efa-c01020304050"
            })
    void whereNobodyCanTellInWhichCharactersItStandsNothingIsShown(String secret) {
        var echo = new Echo(SecretText.of(secret));
        for (String came : List.of(
                each(secret, "0x%02x", true),
                each(secret, "0x%02X, ", true),
                each(secret, "\\u{%x}", false),
                each(secret, "\\x{%02x}", false),
                each(secret, "U+%04X", false),
                each(secret, "U+%04X ", false),
                each(secret, "%o ", true),
                each(secret, "0%o,", true),
                each(secret, "0o%o,", true),
                each(secret, "%xh ", true),
                each(secret, "%08x ", true),
                each(secret, "chr(%d).", true),
                each(secret, "%c<br>", true),
                each(secret, "%c<br class=\"x\"/>", true),
                each(secret, "%c&lt;br&gt;", true),
                each(secret, "%%25%02x", true),
                each(secret, "%%2525%02x", true),
                wide(secret),
                wide(secret).replaceAll("(.)", "$1 "),
                secret.substring(0, 9) + each(secret.substring(9), "0x%02x", true),
                secret.substring(0, 9) + wide(secret.substring(9)))) {
            String hidden = echo.hiddenIn("bad header: " + came + " (sorry)");
            assertThat(hidden).as(came).contains("****");
            assertThat(Normalizer.normalize(hidden, Normalizer.Form.NFKC).replaceAll("[^A-Za-z0-9]", ""))
                    .as(came)
                    .hasSizeLessThan(14 + 10);
        }
        String other =
                "The label of 4f 2e 61 0x31 is too long: 101 of 100 <b>characters</b>, see https://docs.example/e45";
        assertThat(echo.hiddenIn(other)).isEqualTo(other);
    }

    private static String each(String secret, String form, boolean lettersToo) {
        return secret.chars()
                .mapToObj(c ->
                        lettersToo || !Character.isLetterOrDigit(c) ? String.format(form, c) : String.valueOf((char) c))
                .collect(Collectors.joining());
    }

    private static String wide(String text) {
        return text.chars()
                .map(c -> c > ' ' && c < 0x7f ? c - '!' + 0xff01 : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void noSettingPrintsAPassword() {
        var password = SecretText.of("hunter2");
        var settings = new ConnectionSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(1), new HttpProxy("proxy", 3128, "me", password), "x");
        assertThat(settings.toString()).contains("me", "****").doesNotContain("hunter2");
        assertThat(new MintedToken("id", password, End.NEVER).toString())
                .contains("id")
                .doesNotContain("hunter2");
        assertThat(password).hasToString("****").isEqualTo(SecretText.of("hunter2"));
        assertThat(password).isNotEqualTo(SecretText.of("hunter3"));
    }
}
