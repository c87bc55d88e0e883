package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The builds that created the live tokens of a list; they are looked up once the list is complete. */
final class BuildsOfTokens {
    /** Tokens that are named for one build. */
    private static final int NAMED = 3;

    private final Map<String, Tokens> byBuild = new LinkedHashMap<>();
    private long unasked;

    /** Takes a live token of another build. */
    void add(String build, Token token) {
        Tokens tokens = byBuild.get(build);
        if (tokens == null) {
            if (byBuild.size() == Audit.MAX_BUILDS) {
                unasked++;
                return;
            }
            tokens = new Tokens();
            byBuild.put(build, tokens);
        }
        tokens.count++;
        if (tokens.some.size() < NAMED) {
            tokens.some.add(Finding.of(token, build));
        }
    }

    /**
     * Asks about every build.
     *
     * @return how many tokens were left behind
     * @throws InterruptedException if the thread was interrupted between two builds
     */
    long ask(BuildStates builds, RuleEvaluation evaluation) throws InterruptedException {
        long left = 0;
        for (var entry : byBuild.entrySet()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Tokens tokens = entry.getValue();
            tokens.madeBy = MadeBy.of(builds.stateOf(entry.getKey()));
            if (tokens.madeBy.leftBehind()) {
                left += tokens.count;
                evaluation.leftBehind(tokens.count, tokens.some);
            }
        }
        if (unasked > 0) {
            evaluation.unaskedBuilds(unasked);
        }
        return left;
    }

    /** Who made a row of this list, once the builds were asked about. */
    MadeBy of(@CheckForNull String build) {
        Tokens tokens = byBuild.get(build);
        return tokens == null ? MadeBy.UNKNOWN_BUILD : tokens.madeBy;
    }

    private static final class Tokens {
        private final List<Finding> some = new ArrayList<>(1);
        private MadeBy madeBy = MadeBy.UNKNOWN_BUILD;
        private long count;
    }
}
