package io.jenkins.plugins.qwiet.mask;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What tools print of a secret's UTF-8 bytes in hexadecimal digits, without addresses and characters beside them: {@code
 * xxd -p}, {@code od -An -tx1}, PowerShell's {@code BitConverter}, fingerprints.
 */
final class HexForms {
    private HexForms() {}

    /** With digits of both cases, and with nothing, a space, a colon or a hyphen between two bytes. */
    static Set<String> of(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        var forms = new LinkedHashSet<String>();
        for (String between : List.of("", " ", ":", "-")) {
            HexFormat format = HexFormat.ofDelimiter(between);
            forms.add(format.formatHex(bytes));
            forms.add(format.withUpperCase().formatHex(bytes));
        }
        return forms;
    }
}
