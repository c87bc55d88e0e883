package io.jenkins.plugins.qwiet.mask;

import io.jenkins.plugins.qwiet.api.SecretText;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one secret is looked for as, in texts of one charset.
 *
 * @param digits see {@link HexWindows#of}
 */
record EncodedSecret(List<Form> forms, long[] digits) {
    static EncodedSecret of(SecretText secret, Charset charset, Lines.Ends lineEnds) {
        var forms = new ArrayList<Form>();
        for (String form : SecretForms.of(secret.reveal())) {
            form(form, secret, charset, lineEnds).ifPresent(forms::add);
        }
        for (String form : SecretForms.inLinesOf(secret.reveal())) {
            form(form, secret, charset, lineEnds).map(Form::afterFirstPiece).ifPresent(forms::add);
        }
        for (SecretForms.Stretched stretched : SecretForms.inStretchesOf(secret.reveal())) {
            form(stretched.text(), secret, charset, lineEnds)
                    .ifPresent(form -> form.stretches(
                                    stretched.step(),
                                    form.length / stretched.text().length())
                            .forEach(forms::add));
        }
        long[] digits = HexWindows.canBeIn(charset) ? HexWindows.of(SecretForms.coreOf(secret.reveal())) : new long[0];
        return new EncodedSecret(forms, digits);
    }

    private static Optional<Form> form(String text, SecretText secret, Charset charset, Lines.Ends lineEnds) {
        return Mask.bytes(text, charset).map(bytes -> Form.of(bytes, lineEnds, secret));
    }

    /** Whether some of these digits are of it. */
    boolean hasAnyOf(long[] sorted) {
        for (long each : digits) {
            if (Arrays.binarySearch(sorted, each) >= 0) {
                return true;
            }
        }
        return false;
    }
}
