package io.jenkins.plugins.qwiet.lease;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The nonces that are looked for in one list: those of leases, or all that a rule knows. May be read on any thread. */
final class Nonces {
    /** Characters of a nonce that nobody else's begins with: 64 bits, or 80. */
    static final int SURE = 16;

    private static final int LONGEST = 64;
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]*");
    private static final Pattern LONG_WORD = Pattern.compile("[0-9a-z]{" + SURE + ",}");

    private final UnaryOperator<String> nearest;

    Nonces(Collection<Lease> leases) {
        var nonces = new TreeSet<String>();
        leases.forEach(lease -> nonces.add(lease.nonce()));
        nearest = text -> nearest(nonces, text);
    }

    /** @param nearest gives the one that begins most like a text, or what of it is there; empty if none does */
    Nonces(UnaryOperator<String> nearest) {
        this.nearest = nearest;
    }

    /** How many characters two texts begin with alike. */
    static int common(String one, String other) {
        int length = 0;
        while (length < one.length() && length < other.length() && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    /** The most that one of them has in common with a text. */
    int fit(String text) {
        return common(text, nearest.apply(text));
    }

    /** The one whose token bears this description, or what of it is there; empty if it bears none, or another's. */
    Optional<String> in(String description) {
        for (TokenDescription.Mark mark : TokenDescription.marks(description)) {
            String digits = mark.digits();
            String near = nearest.apply(digits);
            int common = common(digits, near);
            // Whatever follows at once, no other nonce begins with a whole one. Behind a part of one a word may follow,
            // which says that it was cut; other digits do not.
            boolean whole = common == near.length() && !TokenDescription.isPart(near);
            boolean word = HEXADECIMAL.matcher(near).matches() && isWordBehind(digits);
            if (common >= SURE && (common == digits.length() || whole || word)) {
                return Optional.of(near);
            } else if (mark.isWhole() || common < SURE && mark.beginsWithNonce()) {
                // Another's. What its text says of this one is anybody's to write.
                return Optional.empty();
            }
        }
        return anywhere(description);
    }

    private static boolean isWordBehind(String digits) {
        var hexadecimal = HEXADECIMAL.matcher(digits);
        return hexadecimal.lookingAt()
                && hexadecimal.end() < digits.length()
                && TokenDescription.isPart(hexadecimal.group());
    }

    private static String nearest(NavigableSet<String> nonces, String text) {
        String below = Objects.requireNonNullElse(nonces.floor(text), "");
        String above = Objects.requireNonNullElse(nonces.ceiling(text), "");
        return common(text, below) > common(text, above) ? below : above;
    }

    private Optional<String> anywhere(String description) {
        for (var word = LONG_WORD.matcher(description); word.find(); ) {
            for (int at = word.start(); at + SURE <= word.end(); at++) {
                String text = description.substring(at, Math.min(word.end(), at + LONGEST));
                String near = nearest.apply(text);
                if (!near.isEmpty() && text.startsWith(near) && !TokenDescription.isPart(near)) {
                    return Optional.of(near);
                }
            }
        }
        return Optional.empty();
    }
}
