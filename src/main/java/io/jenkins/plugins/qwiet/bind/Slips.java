package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.api.DisplayText;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jenkinsci.plugins.structs.describable.DescribableModel;

/** What people write who mistake one form for another: answered by a sentence, before anything is minted. */
final class Slips {
    /** Stands among the arguments of a call that a script wrote without its block. */
    static final String WITHOUT_BLOCK = "calledWithoutBlock";

    /** Stands among the arguments of a call that a script wrote among the bindings of {@code withCredentials}. */
    static final String AS_BINDING = "calledAsBinding";

    /** Letters that differ between a mistyped name and the one that is meant. */
    private static final int MISTYPED = 3;

    private Slips() {}

    /**
     * For the arguments of a step as a script names them.
     *
     * @throws AbortException for those that no such step takes, with a sentence that says what to write
     */
    static void check(@NonNull String step, @NonNull DescribableModel<?> model, @NonNull Map<String, ?> arguments)
            throws AbortException {
        if (arguments.containsKey(AS_BINDING)) {
            throw new AbortException(Messages.Slips_binding());
        } else if (arguments.containsKey(WITHOUT_BLOCK)) {
            throw new AbortException(Messages.Slips_noBlock());
        } else if (arguments.values().stream().anyMatch(Closure.class::isInstance)) {
            throw new AbortException(Messages.Slips_block(step));
        }
        var known = new TreeSet<String>();
        model.getParameters().forEach(parameter -> known.add(parameter.getName()));
        for (String name : arguments.keySet()) {
            if (!known.contains(name)) {
                String shown = DisplayText.quotable(name);
                String all = String.join(", ", known);
                Optional<String> meant = known.stream()
                        .filter(each ->
                                distance(each.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)) <= MISTYPED)
                        .findFirst();
                throw new AbortException(
                        meant.isPresent()
                                ? Messages.Slips_mistyped(step, shown, meant.get(), all)
                                : Messages.Slips_unknown(step, shown, all));
            }
        }
    }

    /** Levenshtein's. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
