package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Texts;
import java.util.Set;
import java.util.stream.Collectors;

/** Why it proves nothing that a list does not have a token, in words for a person. */
final class WhyUnproven {
    private static final Texts TEXTS = Texts.of(WhyUnproven.class);
    private static final int MOST_NAMES = 3;
    private static final int LONGEST_NAME = 60;

    private WhyUnproven() {}

    /** After lists that left it open. */
    static String notListed() {
        return TEXTS.get("WhyUnproven.notListed");
    }

    /** Of a list that does not prove a lease's absence; a sentence or more. */
    static String of(Lease lease, NonceSearch.Found found) {
        if (found.isWholeFor(lease)) {
            return TEXTS.get("WhyUnproven.hidden");
        } else if (found.outdated()) {
            return TEXTS.get("WhyUnproven.outdated");
        }
        if (!found.unexplained().isEmpty()) {
            return TEXTS.get("WhyUnproven.unexplained", names(found.unexplained()));
        }
        return TEXTS.get(found.moved() ? "WhyUnproven.moved" : "WhyUnproven.inPart");
    }

    /** A few of them, as a person can read them. */
    private static String names(Set<String> fields) {
        String some = fields.stream()
                .sorted()
                .limit(MOST_NAMES)
                .map(name -> '"' + DisplayText.line(name, LONGEST_NAME) + '"')
                .collect(Collectors.joining(", "));
        return fields.size() > MOST_NAMES ? some + ", …" : some;
    }
}
