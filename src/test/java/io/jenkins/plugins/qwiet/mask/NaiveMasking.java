package io.jenkins.plugins.qwiet.mask;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What masking means, as slowly and plainly as it can be said: the oracle of the tests. */
final class NaiveMasking {
    private static final int FIRST_PIECE = 16;

    private NaiveMasking() {}

    /** Each run of overlapping hits becomes {@code stars} on each of its lines; all else is copied. */
    static byte[] hide(byte[] text, Collection<byte[]> forms, byte[] stars) {
        return hide(text, forms, Set.of(), stars);
    }

    /** @param digits sixteen hexadecimal digits each, in lower case, that are hidden whatever stands between them on a line */
    static byte[] hide(byte[] text, Collection<byte[]> forms, Set<String> digits, byte[] stars) {
        var joined = new Joined(text);
        var shapes = forms.stream().map(Joined::new).toList();
        var out = new ByteArrayOutputStream();
        int seen = 0;
        for (int at = 0; at < joined.bytes.size(); at++) {
            int to = Math.max(at + longestHit(joined, at, shapes), endOfDigits(joined, at, digits));
            for (int piece = at; piece < to; ) {
                int end = piece + 1;
                while (end < to && !joined.lineEnds.contains(end)) {
                    end++;
                }
                int origin = joined.origins.get(piece);
                if (origin >= seen) {
                    out.write(text, seen, origin - seen);
                    out.writeBytes(stars);
                }
                seen = Math.max(seen, joined.origins.get(end - 1) + 1);
                piece = end;
            }
        }
        out.write(text, seen, text.length - seen);
        return out.toByteArray();
    }

    private static int endOfDigits(Joined text, int from, Set<String> digits) {
        var seen = new StringBuilder();
        int last = from;
        int end = from;
        for (int at = from; at < text.bytes.size() && at - last <= 8; at++) {
            char c = (char) (text.bytes.get(at) & 0xFF);
            if (at > from && text.lineEnds.contains(at) || c >= 'g' && c <= 't' || c >= 'G' && c <= 'T') {
                break;
            }
            if (c < 0x80 && Character.digit(c, 16) >= 0) {
                boolean prefix = c == '0'
                        && at + 1 < text.bytes.size()
                        && (text.bytes.get(at + 1) | 0x20) == 'x'
                        && !text.lineEnds.contains(at + 1);
                if (prefix && digits.contains(seen + "0")) {
                    end = at + 1;
                }
                if (!prefix) {
                    seen.append(Character.toLowerCase(c));
                    last = at;
                }
            }
            if (seen.isEmpty()) {
                break;
            }
            if (seen.length() == 16) {
                return digits.contains(seen.toString()) ? at + 1 : end;
            }
        }
        return end;
    }

    private static int longestHit(Joined text, int at, List<Joined> forms) {
        int longest = 0;
        for (Joined form : forms) {
            if (form.bytes.size() > longest && stands(text, at, form)) {
                longest = form.bytes.size();
            }
            longest = Math.max(longest, begun(text, at, form));
        }
        return longest;
    }

    /** How much of the beginning of a form stands there, if a line ends with it. */
    private static int begun(Joined text, int at, Joined form) {
        int longest = 0;
        for (int i = 0; form.lineEnds.isEmpty() && i <= form.bytes.size() && at + i <= text.bytes.size(); i++) {
            boolean breaks = text.lineEnds.contains(at + i);
            if (breaks && i >= FIRST_PIECE) {
                longest = i;
            }
            if (breaks && i > 0 && i < FIRST_PIECE
                    || i == form.bytes.size()
                    || at + i == text.bytes.size()
                    || !text.bytes.get(at + i).equals(form.bytes.get(i))) {
                break;
            }
        }
        return longest;
    }

    private static boolean stands(Joined text, int at, Joined form) {
        int length = form.bytes.size();
        if (at + length > text.bytes.size()
                || !text.bytes.subList(at, at + length).equals(form.bytes)) {
            return false;
        }
        int piece = form.lineEnds.isEmpty() ? FIRST_PIECE : Math.min(FIRST_PIECE, Math.max(1, form.lineEnds.first()));
        for (int i = 1; i < length; i++) {
            boolean breaks = text.lineEnds.contains(at + i);
            if (breaks && i < piece || !breaks && form.lineEnds.contains(i)) {
                return false;
            }
        }
        return true;
    }

    /** A text without its line ends. */
    private static final class Joined {
        private final List<Byte> bytes = new ArrayList<>();
        private final List<Integer> origins = new ArrayList<>();
        private final TreeSet<Integer> lineEnds = new TreeSet<>();

        Joined(byte[] text) {
            for (int i = 0; i < text.length; i++) {
                if (text[i] == '\n' || text[i] == '\r') {
                    lineEnds.add(bytes.size());
                } else {
                    bytes.add(text[i]);
                    origins.add(i);
                }
            }
        }
    }
}
