package io.jenkins.plugins.qwiet.mask;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * The one place that decides which texts stand for a secret.
 *
 * <p>These do, for the whole secret and for each part of it that is secret apart: the text itself, and what
 * {@link Base64Forms}, {@link HexForms}, {@link UrlForms}, {@link JsonForms}, {@link XmlForms} and {@link ShellForms} make
 * of it; for what is secret in each stretch, {@link NeedlessEscapes} too. Where lines break means nothing: see {@link Form}.
 *
 * <p><b>Parts.</b> Of a JWT the signature is secret, header and payload are not: they hold no authority without it, and
 * as the header is the same for all tokens of an issuer, hiding it would hide parts of unrelated texts. Of a secret of
 * several lines each line is secret. A part of fewer than {@value #SHORTEST_PART} characters is not hidden apart.
 *
 * <p><b>Junk.</b> A blank secret has no forms. Forms of fewer than {@value #SHORTEST} characters are dropped, as they
 * would hide ordinary text; the limit is that of credentials-binding's {@code SecretPatterns}, whose every form is
 * among these.
 */
final class SecretForms {
    static final int SHORTEST = 3;
    static final int SHORTEST_PART = 16;
    private static final int SHORTEST_IN_LINES = 57;
    private static final int SHORTEST_IN_STRETCHES = 32;
    /** Of long encodings, of which tools print long pieces. */
    private static final int SPARSE = 16;

    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]*\\.[\\w-]*\\.([\\w-]+)");
    /** No escape changes these. They are most tokens, JWTs among them; trying 200 escapes on each would be slow. */
    private static final Pattern NEVER_ESCAPED = Pattern.compile("[A-Za-z0-9._-]+");

    /** No sentence is among these: parts of it would be ordinary text. */
    private static final Pattern IN_STRETCHES = Pattern.compile("[A-Za-z0-9._~+/=-]+");

    private SecretForms() {}

    /** All forms of one secret, none of them twice; nothing for a blank one. */
    static Set<String> of(String secret) {
        var forms = new LinkedHashSet<String>();
        if (!secret.isBlank()) {
            addAll(forms, secret);
            for (String part : parts(secret)) {
                if (part.length() >= SHORTEST_PART && !part.isBlank()) {
                    addAll(forms, part);
                }
            }
        }
        forms.addAll(NeedlessEscapes.of(coreOf(secret)));
        forms.removeIf(form -> form.length() < SHORTEST);
        return forms;
    }

    /**
     * Those forms that stand in lines of some width wherever they may begin in the first of them: all that tools print in
     * lines. Nothing for a secret that fits into a line, as most of the time there is no line's end in it.
     */
    static Set<String> inLinesOf(String secret) {
        var forms = new LinkedHashSet<String>();
        if (secret.length() >= SHORTEST_IN_LINES && secret.indexOf('\n') < 0) {
            forms.add(secret);
            forms.addAll(Base64Forms.settledOf(secret));
            forms.addAll(Base64Forms.ofUtf16(secret));
            forms.addAll(HexForms.of(secret));
            forms.add(inUtf16(secret));
        }
        return forms;
    }

    /**
     * What is secret of it, as it is and encoded: each stretch of these texts is hidden, whatever stands before and behind
     * it, so that no layout of pieces leaves a secret. Nothing for a secret of few characters, or of ordinary ones.
     */
    static List<Stretched> inStretchesOf(String secret) {
        String core = coreOf(secret);
        if (core.isEmpty()) {
            return List.of();
        }
        var texts = new ArrayList<Stretched>();
        texts.add(new Stretched(core, 1));
        texts.add(new Stretched(inUtf16(core), SPARSE));
        Base64Forms.ofUtf16(core).forEach(text -> texts.add(new Stretched(text, SPARSE)));
        for (String encoded : Base64Forms.settledOf(core)) {
            texts.add(new Stretched(encoded, 1));
            texts.add(new Stretched(inUtf16(encoded), SPARSE));
            Base64Forms.settledOf(encoded).forEach(text -> texts.add(new Stretched(text, SPARSE)));
        }
        return texts;
    }

    /** What is secret of it, in each stretch: of a JWT the signature. Nothing of one of few characters, or of ordinary ones. */
    static String coreOf(String secret) {
        var jwt = JWT.matcher(secret.strip());
        String core = jwt.matches() ? jwt.group(1) : secret.strip();
        return core.length() < SHORTEST_IN_STRETCHES
                        || !IN_STRETCHES.matcher(core).matches()
                ? ""
                : core;
    }

    /**
     * A text of which each stretch is hidden.
     *
     * @param step a stretch begins at each so-manieth character
     */
    record Stretched(String text, int step) {}

    /** How a file that is in UTF-16, as PowerShell writes them, looks in a log that is not. */
    private static String inUtf16(String text) {
        return String.join("\0", text.split(""));
    }

    private static Set<String> parts(String secret) {
        var parts = new LinkedHashSet<String>();
        var jwt = JWT.matcher(secret.strip());
        if (jwt.matches()) {
            parts.add(jwt.group(1));
        }
        secret.lines().forEach(parts::add);
        parts.remove(secret);
        return parts;
    }

    private static void addAll(Set<String> forms, String text) {
        forms.add(text);
        if (text.indexOf('\n') >= 0) {
            String unixLines = text.replace("\r\n", "\n");
            forms.add(unixLines);
            forms.add(unixLines.replace("\n", "\r\n"));
        }
        forms.addAll(Base64Forms.of(text));
        if (text.length() >= SHORTEST_PART) {
            forms.addAll(HexForms.of(text));
            forms.addAll(Base64Forms.ofUtf16(text));
            forms.add(inUtf16(text));
        }
        forms.add(ShellForms.inQuotes(text));
        if (NEVER_ESCAPED.matcher(text).matches()) {
            return;
        }
        forms.addAll(ShellForms.of(text));
        // Escapes that make a harmless text of a tiny secret ("&" is "&amp;") would hide it everywhere.
        if (text.length() >= SHORTEST) {
            forms.addAll(UrlForms.of(text));
            forms.addAll(JsonForms.of(text));
            forms.addAll(XmlForms.of(text));
        }
    }

    /**
     * Rewrites a text character by character, as every escape does.
     *
     * @param replacement what stands for a code point; null leaves it as it is
     */
    static String rewrite(String text, IntFunction<String> replacement) {
        var rewritten = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            String instead = replacement.apply(c);
            if (instead == null) {
                rewritten.appendCodePoint(c);
            } else {
                rewritten.append(instead);
            }
        }
        return rewritten.toString();
    }

    /** Each byte of a character in UTF-8, in a format such as {@code %%%02X}. */
    static String eachByte(int codePoint, String format) {
        var bytes = new StringBuilder();
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            bytes.append(String.format(format, b));
        }
        return bytes.toString();
    }

    /** Whether a set of characters, written as a string, has this one. */
    static boolean in(String characters, int codePoint) {
        return characters.indexOf(codePoint) >= 0;
    }
}
