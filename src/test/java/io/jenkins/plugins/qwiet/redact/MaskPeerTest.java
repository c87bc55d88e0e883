package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.harness.SharedJenkins;
import io.jenkins.plugins.qwiet.mask.Mask;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.credentialsbinding.masking.SecretPatternFactory;
import org.jenkinsci.plugins.credentialsbinding.masking.SecretPatterns;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Whatever credentials-binding hides, {@link Mask} hides. Many random secrets for one start of Jenkins, which their
 * {@code SecretPatterns} needs; the same ones in each run. Blank secrets are left out: they hide white space there, and
 * nothing here.
 */
@SharedJenkins
class MaskPeerTest {
    /** As credentials-binding's {@code SecretPatterns.MINIMUM_ENCODED_LENGTH}. */
    private static final int SHORTEST_HIDDEN = 3;

    private static final List<String> ALPHABETS = List.of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.",
            "ab'\"\\^$ ",
            "!\"#$%&'()+,-./09:;<=>?@AZ[\\]^_`az{|}~ ",
            "ab\u00e4\u00f6\u00df\u00e9",
            "a'\\\u20ac\u65e5\n\t\r");

    private final Random random = new Random(3672);

    @Test
    void hidesTheWholeOfEachFormThatCredentialsBindingKnows(JenkinsRule jenkins) {
        assertThat(SecretPatternFactory.all()).isNotEmpty();
        for (int i = 0; i < 2000; i++) {
            String secret = secret(1);
            Mask mask = Mask.of(List.of(SecretText.of(secret)), StandardCharsets.UTF_8);
            for (SecretPatternFactory factory : SecretPatternFactory.all()) {
                Collection<String> forms = factory.getEncodedForms(secret);
                for (String form : forms) {
                    if (form.length() >= SHORTEST_HIDDEN) {
                        assertThat(mask.hide(form))
                                .as("%s of <%s>: <%s>", factory.getClass().getSimpleName(), secret, form)
                                .matches("(\\s*\\*{4}\\s*)+");
                    }
                }
            }
        }
    }

    @Test
    void leavesNothingInALogThatCredentialsBindingWouldHide(JenkinsRule jenkins) throws IOException {
        for (Charset charset : List.of(
                StandardCharsets.UTF_8,
                StandardCharsets.ISO_8859_1,
                StandardCharsets.UTF_16,
                Charset.forName("IBM1047"))) {
            for (int i = 0; i < 300; i++) {
                List<String> secrets = new ArrayList<>();
                for (int n = random.nextInt(4); n >= 0; n--) {
                    secrets.add(secret(6));
                }
                Pattern theirs = SecretPatterns.getAggregateSecretPattern(secrets);
                String log = log(secrets);
                String visible = ours(secrets, log, charset);
                // Between the stars: a fragment before and one behind need not have been neighbours.
                for (String between : visible.split("\\*{4}")) {
                    assertThat(theirs.matcher(between).find())
                            .as("secrets %s, log <%s>, visible <%s>", secrets, log, visible)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void changesNothingElseThanCredentialsBindingDoes(JenkinsRule jenkins) throws IOException {
        for (int i = 0; i < 300; i++) {
            // Not one that may begin with an escape: ours would take a backslash before it for a part of it.
            List<String> secrets = List.of("a" + text(ALPHABETS.get(0), 20 + random.nextInt(600)));
            var log = new StringBuilder();
            for (int line = 0; line < 20; line++) {
                log.append(text(ALPHABETS.get(2), random.nextInt(120)));
                log.append(random.nextInt(4) == 0 ? secrets.get(0) : "").append(" +\n");
            }
            assertThat(ours(secrets, log.toString(), StandardCharsets.UTF_8))
                    .isEqualTo(theirs(secrets, log.toString(), StandardCharsets.UTF_8));
        }
    }

    private static String ours(List<String> secrets, String log, Charset charset) throws IOException {
        Mask mask = Mask.of(secrets.stream().map(SecretText::of).toList(), charset);
        var out = new ByteArrayOutputStream();
        try (var masking = new MaskingOutputStream(out, () -> mask)) {
            masking.write(log.getBytes(charset));
        }
        return out.toString(charset);
    }

    private static String theirs(List<String> secrets, String log, Charset charset) throws IOException {
        Pattern pattern = SecretPatterns.getAggregateSecretPattern(secrets);
        var out = new ByteArrayOutputStream();
        try (var masking = new SecretPatterns.MaskingOutputStream(out, () -> pattern, charset.name())) {
            masking.write(log.getBytes(charset));
        }
        return out.toString(charset);
    }

    /** Secrets in many encodings, whole and cut, among other text. */
    private String log(List<String> secrets) {
        var log = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            String secret = secrets.get(random.nextInt(secrets.size()));
            String around = text(ALPHABETS.get(random.nextInt(2)), random.nextInt(5));
            byte[] bytes = (around + secret + (random.nextBoolean() ? around : "")).getBytes(StandardCharsets.UTF_8);
            switch (random.nextInt(7)) {
                case 0 -> log.append(secret);
                case 1 -> log.append(Base64.getEncoder().encodeToString(bytes));
                case 2 -> log.append(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
                case 3 -> log.append('\'').append(secret.replace("'", "'\\''")).append('\'');
                case 4 -> log.append(secret.replace("$", "$$"));
                case 5 -> log.append(secret, 0, random.nextInt(secret.length()));
                default -> log.append(secret, random.nextInt(secret.length()), secret.length());
            }
            log.append(List.of("", " ", "\n", "\r\n", around).get(random.nextInt(5)));
        }
        return log.toString();
    }

    private String secret(int shortest) {
        while (true) {
            String secret = text(ALPHABETS.get(random.nextInt(ALPHABETS.size())), shortest + random.nextInt(40));
            if (!secret.isBlank()) {
                return secret;
            }
        }
    }

    private String text(String alphabet, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
