package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The nonces that are looked for in one list. May be read on any thread. */
final class Nonces {
    /** Characters of a nonce that nobody else's begins with: 64 bits, or 80. */
    static final int SURE = 16;

    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]*");

    private final NavigableSet<String> nonces = new TreeSet<>();

    Nonces(Collection<Lease> leases) {
        leases.forEach(lease -> nonces.add(lease.nonce()));
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
        String nearest = nearest(text);
        return nearest == null ? 0 : common(text, nearest);
    }

    /** The one whose token bears this description; empty if it bears none, or another's. */
    Optional<String> in(String description) {
        for (TokenDescription.Mark mark : TokenDescription.marks(description)) {
            String digits = mark.digits();
            String nearest = nearest(digits);
            int common = nearest == null ? 0 : common(digits, nearest);
            // Whatever follows at once, no other nonce begins with a whole one. Behind a part of one a word may follow,
            // which
            // says that it was cut; other digits do not.
            boolean whole = nearest != null && common == nearest.length();
            boolean word = HEXADECIMAL.matcher(String.valueOf(nearest)).matches() && isWordBehind(digits);
            if (common >= SURE && (common == digits.length() || whole || word)) {
                return Optional.of(nearest);
            } else if (mark.isWhole()) {
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
                && !TokenDescription.isNonce(hexadecimal.group());
    }

    @CheckForNull
    private String nearest(String text) {
        String below = nonces.floor(text);
        String above = nonces.ceiling(text);
        if (below == null || above == null) {
            return below == null ? above : below;
        }
        return common(text, below) > common(text, above) ? below : above;
    }

    private Optional<String> anywhere(String description) {
        for (int at = 0; at + SURE <= description.length(); at++) {
            String beginning = description.substring(at, at + SURE);
            for (String nonce : nonces.tailSet(beginning)) {
                if (!nonce.startsWith(beginning)) {
                    break;
                } else if (description.startsWith(nonce, at)) {
                    return Optional.of(nonce);
                }
            }
        }
        return Optional.empty();
    }
}
