package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.DisplayText;
import java.util.Set;
import java.util.stream.Collectors;

/** Why it proves nothing that a list does not have a token, in words for a person. */
final class WhyUnproven {
    private static final String IN_TIME =
            ", and believes such lists once the token would have expired: six hours after its requested lifetime if the list"
                    + " says of tokens when they expire, else after a week. After a restart of Jenkins it takes a day more, and"
                    + " the time in which Jenkins does not run.";
    private static final String LISTED_IN_PART =
            "The list of tokens may not be complete, or of an earlier time: that the token is not listed proves nothing.";
    private static final String OUTDATED =
            "The list of tokens lacks one that Jenkins minted before and did not revoke. So something between Jenkins and"
                    + " Qwiet gives an old list, or only a part of it, unless somebody deleted that token in Qwiet: that a"
                    + " token is not listed proves nothing.";
    private static final String MOVED =
            "While Qwiet's list was read, page by page, tokens in it moved from one page to another, as they do when tokens"
                    + " are created or deleted meanwhile: that the token is not listed does not prove yet that it is gone."
                    + " Jenkins asks again" + IN_TIME;
    private static final String UNEXPLAINED =
            "Beside the tokens in Qwiet's list stands what this plugin does not know (%s), and what may mean that the list is"
                    + " not complete: that the token is not listed does not prove yet that it is gone. Jenkins asks again"
                    + IN_TIME;

    /** After lists that left it open. */
    static final String NOT_LISTED =
            "The list of tokens is taken for complete now, and does not have the token: Jenkins makes sure of it by another list.";

    private static final int MOST_NAMES = 3;
    private static final int LONGEST_NAME = 60;
    private static final String HIDDEN =
            "Qwiet lists a token with this label, or without any, whose description does not say whose it is: it may be"
                    + " this one. If no build uses it, delete it in Qwiet.";

    private WhyUnproven() {}

    /** Of a list that does not prove a lease's absence; a sentence or more. */
    static String of(Lease lease, NonceSearch.Found found) {
        if (found.isWholeFor(lease)) {
            return HIDDEN;
        } else if (found.outdated()) {
            return OUTDATED;
        }
        if (!found.unexplained().isEmpty()) {
            return String.format(UNEXPLAINED, names(found.unexplained()));
        }
        return found.moved() ? MOVED : LISTED_IN_PART;
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
