package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** {@code docs/masking.md} says from which width of lines on Base64 of more than the token's text is hidden. */
class NestedBase64Test {
    private static final String TOKEN = Samples.jwt(3);
    private static final Mask MASK = Samples.mask(TOKEN);
    private static final int WIDEST = 100;

    @Test
    void hidesBase64OfBase64InLinesOf31OrMore() {
        var shown = new ArrayList<String>();
        for (int before = 0; before < 48; before++) {
            String once = Base64.getEncoder().encodeToString(("-".repeat(before) + TOKEN).getBytes(UTF_8));
            String twice = Base64.getEncoder().encodeToString(once.getBytes(UTF_8));
            addShown(shown, twice, 31, 62, before);
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void hidesBase64OfUtf16InLinesOf60OrMore() {
        var shown = new ArrayList<String>();
        for (int before = 0; before < 48; before++) {
            String encoded = Base64.getEncoder().encodeToString(("-".repeat(before) + TOKEN).getBytes(UTF_16LE));
            addShown(shown, encoded, 60, 80, before);
        }
        assertThat(shown).isEmpty();
    }

    /** @param core so many characters before the end are of the signature alone, in each place in the grid of three */
    private static void addShown(ArrayList<String> shown, String encoded, int narrowest, int core, int before) {
        String signature = encoded.substring(encoded.length() - core - 8, encoded.length() - 8);
        for (int width = narrowest; width <= WIDEST; width++) {
            String printed = encoded.replaceAll("(.{" + width + "})(?!$)", "$1\n") + "\n";
            if (Samples.masked(MASK, printed).replace("\n", "").contains(signature)) {
                shown.add("width " + width + ", " + before + " before");
            }
        }
    }
}
