package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What happens at each step, or at each renewal, has one line in a build's log, or few. Stored with a build that runs: a restart
 * is no reason to say it again. Safe on any thread.
 */
final class SaidOnce {
    private transient volatile Run<?, ?> run;
    /** Replaced, never changed: Jenkins writes it to disk at any moment. */
    private volatile Set<String> said = new TreeSet<>();

    private transient Map<String, Integer> agents;

    /** @param build in whose log it is said, where no other is given */
    @NonNull
    SaidOnce in(@NonNull Run<?, ?> build) {
        run = build;
        return this;
    }

    /** Something that the user set stands in a token's variable. In no case is a token silently not used. */
    void overridden(@NonNull TokenRecord token, @NonNull String variable, @NonNull String by) {
        if (isNew("overridden " + token.lineId() + ' ' + name(variable))) {
            TokenLog.overridden(BuildLog.of(run), token, variable, by);
        }
    }

    /** What stood in a variable before a token that is gone does not take its place. */
    void gone(@NonNull TokenRecord token, @NonNull String variable) {
        if (isNew("gone " + token.lineId() + ' ' + name(variable))) {
            TokenLog.isGone(BuildLog.of(run), token, variable);
        }
    }

    /** Somebody's own variable has a copy of a token that another one, of another organization, took the place of. */
    void copyOfOver(@NonNull TokenRecord token, @NonNull String variable) {
        if (isNew("copy " + name(variable))) {
            TokenLog.copyOfOver(BuildLog.of(run), token, variable);
        }
    }

    /** Remembers that a build that is no Pipeline, and so has few, gave a token back by itself. */
    void givenBack(@NonNull String lineId) {
        if (run instanceof AbstractBuild) {
            isNew(givingBack(lineId));
        }
    }

    boolean isGivenBack(@NonNull TokenRecord token) {
        return said.contains(givingBack(token.lineId()));
    }

    private static String givingBack(String lineId) {
        return "given back " + lineId;
    }

    /** Remembers that something stood there before. */
    void dropped(@NonNull TokenRecord token, @NonNull String variable) {
        isNew(dropping(token, variable));
    }

    boolean isDropped(@NonNull TokenRecord token, @NonNull String variable) {
        return said.contains(dropping(token, variable));
    }

    private static String dropping(TokenRecord token, String variable) {
        return "dropped " + token.lineId() + ' ' + name(variable);
    }

    /** An agent that hangs does not answer at any renewal. */
    void agentNotTold(@NonNull TaskListener log, @NonNull String agent, @NonNull String tokenId) {
        if (TokenLog.isTold(times(agent))) {
            TokenLog.agentNotTold(log, agent, tokenId);
        }
    }

    /** Two tokens name one variable for the IDs of two organizations. */
    void otherOrganization(@NonNull TaskListener log, @NonNull TokenRecord made, @NonNull TokenRecord other) {
        if (isNew("organizations " + name(made.variable()) + ' ' + name(other.variable()))) {
            TokenLog.otherOrganization(log, made, other);
        }
    }

    /** A token takes the place of one of another organization, whose time is over. */
    void standsIn(@NonNull TokenRecord token, @NonNull TokenRecord expired, @NonNull String variable) {
        if (isNew("stands in " + token.lineId() + ' ' + expired.lineId())) {
            TokenLog.standsIn(BuildLog.of(run), token, expired, variable);
        }
    }

    /** A step sees the token of another branch, and branches asked for those of two organizations. */
    void ofBranches(@NonNull TokenRecord token, @NonNull TokenRecord other, @NonNull String variable) {
        if (isNew("branches " + token.lineId() + ' ' + other.lineId())) {
            TokenLog.ofBranches(BuildLog.of(run), token, other, variable);
        }
    }

    /** A token's variable is also that for the ID of another token's organization. */
    void tokenAndOrganization(
            @NonNull TaskListener log, @NonNull TokenRecord token, @NonNull TokenRecord organization) {
        if (isNew("both " + name(token.variable()) + ' ' + name(organization.variable()))) {
            TokenLog.tokenAndOrganization(log, token, organization);
        }
    }

    private synchronized boolean isNew(String what) {
        if (said.contains(what)) {
            return false;
        }
        var more = new TreeSet<>(said);
        more.add(what);
        said = more;
        return true;
    }

    private synchronized int times(String agent) {
        if (agents == null) {
            agents = new HashMap<>();
        }
        return agents.merge(agent, 1, Integer::sum);
    }

    private static String name(String variable) {
        return variable.toUpperCase(Locale.ROOT);
    }
}
