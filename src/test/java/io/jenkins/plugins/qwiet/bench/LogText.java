package io.jenkins.plugins.qwiet.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** A build's log, such as Maven, npm and Docker write, with a secret here and there; the same each time. */
final class LogText {
    static final int LINES_A_MEGABYTE = 10_000;

    private static final int LINE = 100;
    private static final String[] FORMS = {
        "[INFO] Compiling %d source files with javac [debug release 17] to target/classes/com/example/shop/m%d",
        "2026-08-01T12:%02d:07.%03dZ  INFO 4711 --- [main] c.e.shop.checkout.OrderService : processed order %x in 12 ms",
        "[INFO] Downloaded from central: org/example/lib-%d/1.%d/lib.jar (%d kB at 1.2 MB/s)",
        "#12 sha256:%016x%016x 12.58MB / 45.61MB 0.8s",
        "\tat com.example.shop.checkout.CartTest.addsItem(CartTest.java:%d) ~[test-classes/:na]",
        "+ curl -fsS -H 'X-Request-Id: %016x' https://registry.example.com/v2/shop/manifests/%d",
        "npm warn deprecated glob@%d.%d.4: versions prior to v9 are no longer supported",
        "\u2714 renders the cart with %d items (%d ms)",
    };

    private final List<String> secrets;
    private final int every;
    private final Random random = new Random(42);
    private long lines;

    /**
     * @param every one line in so many has one of the secrets, plain or as tools encode it; none, if 0
     */
    LogText(List<String> secrets, int every) {
        this.secrets = secrets;
        this.every = every;
    }

    /** The next lines: a hundred bytes each, and what secrets add. */
    byte[] megabyte() {
        var out = new ByteArrayOutputStream(1_010_000);
        for (int i = 0; i < LINES_A_MEGABYTE; i++) {
            out.writeBytes(line().getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private String line() {
        String secret = every > 0 && ++lines % every == 0 ? " " + secret() : "";
        String form = FORMS[random.nextInt(FORMS.length)];
        String text = String.format(form, random.nextInt(60), random.nextInt(1000), random.nextInt(1 << 20));
        int ascii = LINE - 1 - (text.getBytes(StandardCharsets.UTF_8).length - text.length());
        return (text + " ".repeat(LINE)).substring(0, ascii) + secret + "\n";
    }

    private String secret() {
        String secret = secrets.get(random.nextInt(secrets.size()));
        return switch (random.nextInt(4)) {
            case 0 ->
                "Authorization: Basic "
                        + Base64.getEncoder().encodeToString(("ci:" + secret).getBytes(StandardCharsets.UTF_8));
            case 1 -> "export TOKEN='" + secret + "'";
            default -> "Authorization: Bearer " + secret;
        };
    }
}
