package io.jenkins.plugins.qwiet.grant;

import hudson.model.Run;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.LostTokens;
import io.jenkins.plugins.qwiet.lease.LostTokens.Lost;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Knows which builds of this Jenkins made tokens without a lease. In doubt a build runs, or is not known: the number of one
 * that is over proves nothing, since in a copy of a home the original's build of that number may run. For one look, on one thread.
 */
final class LostTokenMakers implements LostTokens.Makers {
    private final LeaseStore store;
    private final Instant now;
    private final List<Run<?, ?>> executing;
    private final Set<String> found = new HashSet<>();

    LostTokenMakers(LeaseStore store, Instant now) {
        this.store = store;
        this.now = now;
        this.executing = Stream.of(Jenkins.get().getComputers())
                .flatMap(computer -> computer.getAllExecutors().stream())
                .<Run<?, ?>>flatMap(executor ->
                        executor.getCurrentExecutable() instanceof Run<?, ?> run ? Stream.of(run) : Stream.empty())
                .toList();
    }

    @Override
    public Maker of(Lost token) {
        if (executing.stream().anyMatch(run -> recordOf(run, token).isPresent())) {
            // Its job may have another name than when the token was made.
            return Maker.RUNNING;
        }
        boolean here =
                token.buildUrl().isEmpty() || BuildUrl.parse(token.buildUrl()).isPresent();
        Maker unproven = here ? Maker.NOT_KNOWN : Maker.OTHER_URL;
        Run<?, ?> run =
                BuildUrl.parseAnywhere(token.buildUrl()).map(BuildUrl::build).orElse(null);
        if (run == null || !here && recordOf(run, token).isEmpty()) {
            return unproven;
        } else if (RunningBuilds.isOn(run)) {
            return Maker.RUNNING;
        }
        // What its record still needs a lease for has one then.
        if (found.add(run.getExternalizableId())) {
            LostLeases.find(run, store, now);
        }
        return recordOf(run, token).map(record -> of(record, token)).orElse(unproven);
    }

    private Maker of(TokenRecord record, Lost token) {
        LeaseOrigin origin = record.origin();
        if (!record.id().equals(token.id())) {
            return Maker.ANOTHERS;
        } else if (origin == null) {
            return Maker.NOT_KNOWN;
        } else if (origin.owner().equals(store.others().here())) {
            return Maker.OVER;
        }
        // What another left to expire nobody looks after.
        return origin.isNeeded() ? Maker.ANOTHERS : Maker.NOT_KNOWN;
    }

    private static Optional<TokenRecord> recordOf(Run<?, ?> run, Lost token) {
        return BuildTokens.of(run).stream()
                .flatMap(tokens -> tokens.getTokens().stream())
                .filter(record -> record.nonce().equals(token.nonce()))
                .findFirst();
    }
}
