package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What happens at each step, or at each renewal, has one line in a build's log, or few. Safe on any thread. */
final class SaidOnce {
    private final Run<?, ?> run;
    private final Map<String, Integer> said = new HashMap<>();

    /** @param run in whose log it is said, where no other is given */
    SaidOnce(@NonNull Run<?, ?> run) {
        this.run = run;
    }

    /** Something that the user set stands in a token's variable. In no case is a token silently not used. */
    void overridden(@NonNull TokenRecord token, @NonNull String variable, @NonNull String by) {
        if (count("overridden " + token.lineId() + ' ' + name(variable)) == 1) {
            TokenLog.overridden(BuildLog.of(run), token, variable, by);
        }
    }

    /** What stood in a variable before a token that is gone does not take its place. */
    void gone(@NonNull TokenRecord token, @NonNull String variable) {
        if (count("gone " + token.lineId() + ' ' + name(variable)) == 1) {
            TokenLog.isGone(BuildLog.of(run), token, variable);
        }
    }

    /** Somebody's own variable has a copy of a token that another one, of another organization, took the place of. */
    void copyOfOver(@NonNull TokenRecord token, @NonNull String variable) {
        if (count("copy " + name(variable)) == 1) {
            TokenLog.copyOfOver(BuildLog.of(run), token, variable);
        }
    }

    /** Remembers that something stood there before. */
    synchronized void dropped(@NonNull TokenRecord token, @NonNull String variable) {
        said.put(dropping(token, variable), 1);
    }

    synchronized boolean isDropped(@NonNull TokenRecord token, @NonNull String variable) {
        return said.containsKey(dropping(token, variable));
    }

    private static String dropping(TokenRecord token, String variable) {
        return "dropped " + token.lineId() + ' ' + name(variable);
    }

    /** An agent that hangs does not answer at any renewal. */
    void agentNotTold(@NonNull TaskListener log, @NonNull String agent, @NonNull String tokenId) {
        if (TokenLog.isTold(count("agent " + agent))) {
            TokenLog.agentNotTold(log, agent, tokenId);
        }
    }

    /** Two tokens name one variable for the IDs of two organizations. */
    void otherOrganization(@NonNull TaskListener log, @NonNull TokenRecord made, @NonNull TokenRecord other) {
        if (count("organizations " + name(made.variable()) + ' ' + name(other.variable())) == 1) {
            TokenLog.otherOrganization(log, made, other);
        }
    }

    /** A token takes the place of one of another organization, whose time is over. */
    void standsIn(@NonNull TokenRecord token, @NonNull TokenRecord expired, @NonNull String variable) {
        if (count("stands in " + token.lineId() + ' ' + expired.lineId()) == 1) {
            TokenLog.standsIn(BuildLog.of(run), token, expired, variable);
        }
    }

    /** A step sees the token of another branch, and branches asked for those of two organizations. */
    void ofBranches(@NonNull TokenRecord token, @NonNull TokenRecord other, @NonNull String variable) {
        if (count("branches " + token.lineId() + ' ' + other.lineId()) == 1) {
            TokenLog.ofBranches(BuildLog.of(run), token, other, variable);
        }
    }

    /** A token's variable is also that for the ID of another token's organization. */
    void tokenAndOrganization(
            @NonNull TaskListener log, @NonNull TokenRecord token, @NonNull TokenRecord organization) {
        if (count("both " + name(token.variable()) + ' ' + name(organization.variable())) == 1) {
            TokenLog.tokenAndOrganization(log, token, organization);
        }
    }

    private synchronized int count(String what) {
        return said.merge(what, 1, Integer::sum);
    }

    private static String name(String variable) {
        return variable.toUpperCase(Locale.ROOT);
    }
}
