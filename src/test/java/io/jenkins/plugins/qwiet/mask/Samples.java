package io.jenkins.plugins.qwiet.mask;

import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Secrets, masks and masked texts for the tests. */
final class Samples {
    /** Holds every character that some encoder treats in its own way. */
    static final String AWKWARD =
            "p@ss/w\u00f6rd 'it''s' \"q\" <t>&amp; $HOME ^x^^ a\\b\\\\c =+~*`!%#|;?(){}[] \u20ac \uD83D\uDE00";

    private Samples() {}

    /** A token as Qwiet makes them: header, payload and HS256 signature; the same seed gives the same token. */
    static String jwt(int seed) {
        var random = new Random(seed);
        byte[] id = new byte[120];
        byte[] signature = new byte[32];
        random.nextBytes(id);
        random.nextBytes(signature);
        String payload =
                "{\"iss\":\"ShiftLeft\",\"iat\":" + random.nextInt(1 << 30) + ",\"id\":\"" + base64Url(id) + "\"}";
        return jwtHeader() + "." + base64Url(payload.getBytes(StandardCharsets.UTF_8)) + "." + base64Url(signature);
    }

    static String jwtHeader() {
        return base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    }

    static Mask mask(String... secrets) {
        return mask(StandardCharsets.UTF_8, secrets);
    }

    static Mask mask(Charset charset, String... secrets) {
        return Mask.of(Arrays.stream(secrets).map(SecretText::of).toList(), charset);
    }

    /** Written as one array, or in chunks of so many bytes. */
    static byte[] through(Mask mask, byte[] text, int chunk) {
        var out = new ByteArrayOutputStream();
        try (var masking = new MaskingOutputStream(out, () -> mask)) {
            for (int i = 0; i < text.length; i += chunk) {
                masking.write(text, i, Math.min(chunk, text.length - i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static String masked(Mask mask, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(through(mask, bytes, Math.max(1, bytes.length)), StandardCharsets.UTF_8);
    }

    /** The bytes of all forms of some secrets. */
    static List<byte[]> forms(Charset charset, String... secrets) {
        List<byte[]> forms = new ArrayList<>();
        for (String secret : secrets) {
            SecretForms.of(secret).forEach(form -> Mask.bytes(form, charset).ifPresent(forms::add));
            for (SecretForms.Stretched stretched : SecretForms.inStretchesOf(secret)) {
                String text = stretched.text();
                for (int at = 0; at + Form.FIRST_PIECE <= text.length(); at += stretched.step()) {
                    forms.add(Mask.bytes(text.substring(at, at + Form.FIRST_PIECE), charset)
                            .orElseThrow());
                }
            }
            for (String form : SecretForms.inLinesOf(secret)) {
                byte[] whole = Mask.bytes(form, charset).orElseThrow();
                forms.add(Arrays.copyOfRange(whole, Form.FIRST_PIECE - 1, whole.length));
            }
        }
        return forms;
    }

    /** Which sixteen hexadecimal digits are hidden wherever they stand on a line, in lower case. */
    static Set<String> digits(List<String> secrets) {
        var digits = new HashSet<String>();
        for (String secret : secrets) {
            String core = SecretForms.coreOf(secret);
            for (int at = 0; at + 8 <= core.length(); at++) {
                String eight = core.substring(at, at + 8);
                for (String order : List.of("01234567", "10325476", "32107654", "76543210")) {
                    digits.add(hex(order.chars()
                            .map(place -> eight.charAt(place - '0'))
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString()));
                }
            }
            for (int at = 0; at + 4 <= core.length(); at++) {
                digits.add(hex(String.join("\0", core.substring(at, at + 4).split("")) + "\0"));
            }
        }
        return digits;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
