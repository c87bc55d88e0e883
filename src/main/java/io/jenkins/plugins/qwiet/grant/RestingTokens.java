package io.jenkins.plugins.qwiet.grant;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.util.stream.Stream;

/** Tokens of a build that goes on in a copy of its home: a build of the original may be using them. */
final class RestingTokens {
    private RestingTokens() {}

    /** Says in the log and in the records of a build, once, which tokens are therefore not revoked, and who decides. */
    static void tell(Run<?, ?> run, TaskListener log, LeaseStore store, Stream<TokenRecord> over) {
        over.filter(token -> token.problem() == null && store.others().has(token.nonce()))
                .toList()
                .forEach(token -> {
                    String why = store.isResting(token.nonce())
                            ? Messages.RestingTokens_rests()
                            : Messages.RestingTokens_left();
                    BuildTokens.of(run)
                            .ifPresent(tokens -> tokens.change(token.nonce(), record -> record.notRevoked(why)));
                    TokenLog.rests(log, token, why);
                });
    }
}
