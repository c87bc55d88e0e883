package io.jenkins.plugins.qwiet.lease;

import com.google.re2j.Pattern;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tokens of one list that may, by their labels, be those of leases that are looked for, and of which no mark says whose
 * they are. Of each label only the newest counts, so that it does not matter how many there are. For one thread at a time.
 */
final class Suspects {
    /** Characters: nothing keeps less of a label. One that is shorter and another is another token's. */
    private static final int CUT_LABEL = 16;
    /** Digits that few other nonces begin with. */
    private static final int LIKELY = 4;

    private static final int MOST_TRACES = 10_000;
    /** Of one label. */
    private static final int MOST_TEXTS = 1_000;

    private static final Pattern BLANKS = Pattern.compile("[\\s\\v\u00a0\u200b\ufeff]+");
    /**
     * How a text is marked that was cut; the replacement character stands for a letter of which a part is left. By RE2: whoever
     * names a token may write as many signs as they like.
     */
    private static final Pattern END =
            Pattern.compile("(?:[.…\\s\ufffd~>]|[\\[(<](?:truncated|shortened|cut|more|[.…]+)[\\])>])+$");

    /**
     * What is left of a mark.
     *
     * @param label null if Qwiet does not say it
     * @param digits of a nonce; words may follow
     * @param first when the token was listed first
     * @param anothers whether the token is marked as another's
     */
    private record Trace(String id, @CheckForNull String label, String digits, long first, boolean anothers) {
        boolean mayBe(String nonce) {
            int common = Nonces.common(digits, nonce);
            return anothers ? common >= Nonces.SURE : common >= LIKELY || common == digits.length();
        }
    }

    private final NavigableSet<String> labels = new TreeSet<>();
    private final Nonces nonces;
    /** When the newest one of a label was listed first. Under null: whose label Qwiet does not say. */
    private final Map<String, Long> undescribed = new HashMap<>();

    private final Map<String, Long> described = new HashMap<>();
    private final List<Trace> traces = new ArrayList<>();
    private final Map<String, Map<String, Long>> texts = new HashMap<>();
    private boolean tooMany;

    /** @param leases that are looked for */
    Suspects(Collection<Lease> leases) {
        nonces = new Nonces(leases);
        leases.forEach(lease -> labels.add(plain(lease.label())));
    }

    /**
     * Takes a listed token that is not known by its id and bears none of the nonces.
     *
     * @param label null if Qwiet does not say it; one that is blank says as little
     * @param description null if Qwiet does not say it
     * @param first when it was listed first; any greater number is later
     */
    void see(String id, @CheckForNull String label, @CheckForNull String description, long first) {
        String plain = label == null || plain(label).isEmpty() ? null : plain(label);
        if (!mayMatter(plain)) {
            return;
        } else if (description == null) {
            undescribed.merge(plain, first, Math::max);
            return;
        }
        List<TokenDescription.Mark> marks = TokenDescription.marks(description);
        boolean anothers = marks.stream().anyMatch(TokenDescription.Mark::isWhole);
        boolean cut = TokenDescription.mayBeCut(description);
        for (TokenDescription.Mark mark : marks) {
            String digits = mark.digits();
            boolean some = digits.length() >= LIKELY;
            cut &= !(some && mark.asWritten());
            int fit = nonces.fit(digits);
            boolean end = mark.atEnd() && !digits.isEmpty() && fit == digits.length();
            if (anothers ? fit >= Nonces.SURE : fit >= LIKELY || end) {
                trace(new Trace(id, plain, digits, first, anothers));
            } else if (fit > 0 && mark.isWhole() && !mark.goesOn()) {
                // What is left of one, and digits of something else behind it, may look like a whole one.
                trace(new Trace(id, plain, digits.substring(0, fit), first, false));
            }
        }
        if (cut && !anothers) {
            trace(new Trace(id, plain, "", first, false));
        }
        if (!anothers) {
            described.merge(plain, first, Math::max);
            Map<String, Long> ofLabel = texts.computeIfAbsent(plain, l -> new HashMap<>());
            if (ofLabel.size() < MOST_TEXTS) {
                ofLabel.merge(plain(description), first, Math::max);
            } else {
                // May be anything.
                ofLabel.merge("", first, Math::max);
            }
        }
    }

    private void trace(Trace trace) {
        if (traces.size() < MOST_TRACES) {
            traces.add(trace);
        } else {
            // One of these may be anybody's.
            tooMany = true;
        }
    }

    /** Whether one that was not listed before has something that may be of a lease's mark. */
    boolean marked(Lease lease, long since) {
        String label = plain(lease.label());
        return tooMany
                || traces.stream()
                        .anyMatch(trace ->
                                trace.first() >= since && trace.mayBe(lease.nonce()) && mayBe(trace.label(), label));
    }

    /** Whether there is one that was not listed before and may be a lease's, of which Qwiet says no description. */
    boolean undescribed(Lease lease, long since) {
        return any(undescribed, lease, since);
    }

    /** The same, where nothing of a mark is in what Qwiet says. */
    boolean described(Lease lease, long since) {
        return any(described, lease, since);
    }

    /**
     * The same, where what Qwiet says may be a part of what was sent.
     *
     * @param sent the description of the lease's token
     */
    boolean describedInPart(Lease lease, long since, String sent) {
        String label = plain(lease.label());
        String whole = plain(sent);
        return texts.entrySet().stream()
                .filter(ofLabel -> mayBe(ofLabel.getKey(), label))
                .flatMap(ofLabel -> ofLabel.getValue().entrySet().stream())
                .anyMatch(text -> text.getValue() >= since && whole.contains(text.getKey()));
    }

    /** Whether there is one that is very likely a lease's, beside those that are gone. */
    boolean showTwin(Lease lease, Set<String> gone) {
        String label = plain(lease.label());
        return traces.stream()
                .anyMatch(trace -> !trace.anothers()
                        && Nonces.common(trace.digits(), lease.nonce()) >= LIKELY
                        && mayBe(trace.label(), label)
                        && !gone.contains(trace.id()));
    }

    private static boolean any(Map<String, Long> newest, Lease lease, long since) {
        String label = plain(lease.label());
        boolean found = newest.getOrDefault(null, Long.MIN_VALUE) >= since
                || newest.getOrDefault(label, Long.MIN_VALUE) >= since;
        for (int length = CUT_LABEL; length < label.length() && !found; length++) {
            found = newest.getOrDefault(label.substring(0, length), Long.MIN_VALUE) >= since;
        }
        return found;
    }

    private boolean mayMatter(@CheckForNull String label) {
        if (label == null || labels.contains(label)) {
            return true;
        }
        String next = labels.ceiling(label);
        return next != null && mayBe(label, next);
    }

    private static boolean mayBe(@CheckForNull String listed, String label) {
        return listed == null || listed.equals(label) || listed.length() >= CUT_LABEL && label.startsWith(listed);
    }

    /** Without what says that it was cut, and whatever else something on the way may do to a label. */
    private static String plain(@NonNull String label) {
        String text = BLANKS.matcher(Normalizer.normalize(label, Normalizer.Form.NFC))
                .replaceAll(" ")
                .strip()
                .toLowerCase(Locale.ROOT);
        return END.matcher(text).replaceAll("");
    }
}
