package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.LostTokens;
import io.jenkins.plugins.qwiet.lease.LostTokens.Found;
import io.jenkins.plugins.qwiet.lease.LostTokens.Lost;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import io.jenkins.plugins.qwiet.lease.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Looks in an organization for tokens that this Jenkins made and has no lease of, and makes leases of those that a person wants
 * revoked. Nothing blocks: credentials and builds are looked up on threads for that.
 */
public final class LostTokenSearch {
    private static final Logger LOGGER = Logger.getLogger(LostTokenSearch.class.getName());

    private final JenkinsLeases leases = JenkinsLeases.get();
    private final Executor threads = leases.lookUps("");
    private final Organization organization;
    private final Account account;

    /** @param account of Jenkins, with which the organization is asked */
    public LostTokenSearch(@NonNull Organization organization, @NonNull Account account) {
        this.organization = organization;
        this.account = account;
    }

    /**
     * What came of a look.
     *
     * @param found null if there is no list
     * @param problem why there is none, in words for a person that go on after "because"; null if there is one
     */
    public record Answer(
            @CheckForNull Found found, @CheckForNull String problem) {}

    /** @return completes normally */
    @NonNull
    public CompletableFuture<Answer> look() {
        return look(id -> true);
    }

    private CompletableFuture<Answer> look(Predicate<String> wanted) {
        return CompletableFuture.supplyAsync(() -> QwietConnections.get().of(organization, account, ""), threads)
                .thenCompose(client -> client.isEmpty() ? withoutClient() : look(client.get(), wanted))
                .exceptionally(problem -> new Answer(null, reason(problem)));
    }

    private String reason(Throwable problem) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        LOGGER.log(Level.WARNING, cause, () -> "Could not look for tokens in " + organization.orgId());
        return cause instanceof AbortException
                ? cause.getMessage()
                : Messages.LostTokenSearch_unexpected(cause.getClass().getSimpleName());
    }

    private CompletableFuture<Answer> withoutClient() {
        return CompletableFuture.completedFuture(
                new Answer(null, QwietConnections.get().whyNone(organization, account)));
    }

    private CompletableFuture<Answer> look(QwietClient client, Predicate<String> wanted) {
        LeaseStore store = store();
        var tokens = new LostTokens(store, organization, OwnNonces::beginning, wanted);
        return client.list(ListQuery.LIVE, tokens)
                .thenApplyAsync(
                        outcome -> outcome instanceof Outcome.Done<Listed> done
                                ? new Answer(tokens.finish(done.value(), new LostTokenMakers(store, now())), null)
                                : new Answer(null, outcome.reason()),
                        threads);
    }

    /**
     * What became of tokens that a person wants revoked.
     *
     * @param leased of which there is a lease now, so that they are revoked, in the end by the janitor
     * @param outcomes what became of those so far, by nonce, as {@link TokenRevoker#recall} has it
     * @param builds of the others that are still listed without a lease, what their builds do
     * @param problem why Qwiet could not be asked, as in {@link Answer}, so that nothing was done; null if it could
     */
    public record Taken(
            @NonNull List<Lease> leased,
            @NonNull Map<String, Revocation> outcomes,
            @NonNull Map<Lost, Maker> builds,
            @CheckForNull String problem) {
        public Taken {
            leased = List.copyOf(leased);
            builds = Map.copyOf(builds);
        }

        private static Taken nothing(@CheckForNull String problem) {
            return new Taken(List.of(), Map.of(), Map.of(), problem);
        }

        /** What the builds of those do that are listed and have no lease even now, by the ids of the tokens. */
        @NonNull
        public Map<String, Maker> leftAlone() {
            Set<String> nonces = leased.stream().map(Lease::nonce).collect(Collectors.toSet());
            return builds.entrySet().stream()
                    .filter(each -> !nonces.contains(each.getKey().nonce()))
                    .collect(Collectors.toMap(each -> each.getKey().id(), Map.Entry::getValue));
        }
    }

    /**
     * Asks Qwiet and the builds again, makes a lease of each token that is still listed with that mark, without a lease, and of such
     * a build, and revokes it. The lease is on disk before that, if the disk takes it; what cannot be revoked now is the
     * janitor's.
     *
     * @param some of an earlier look
     * @param makers what their builds may be
     * @return completes normally, when all of them are revoked or have failed
     */
    @NonNull
    public CompletableFuture<Taken> revoke(@NonNull Collection<Lost> some, @NonNull Set<Maker> makers) {
        Set<String> ids = some.stream().map(Lost::id).collect(Collectors.toSet());
        return look(ids::contains)
                .thenCompose(answer -> take(answer, some, makers))
                .thenComposeAsync(taken -> recall(taken).thenApply(done -> taken), threads)
                .exceptionally(problem -> Taken.nothing(reason(problem)));
    }

    private static CompletableFuture<Void> recall(Taken taken) {
        try {
            return TokenRevoker.recall(taken.leased(), taken.outcomes());
        } catch (AbortException e) {
            throw new CompletionException(e);
        }
    }

    private CompletableFuture<Taken> take(Answer answer, Collection<Lost> some, Set<Maker> makers) {
        Found found = answer.found();
        if (found == null) {
            return CompletableFuture.completedFuture(Taken.nothing(answer.problem()));
        }
        LeaseStore store = store();
        List<CompletableFuture<Optional<Lease>>> leased = new ArrayList<>();
        for (Lost token : found.of(makers)) {
            if (some.stream().anyMatch(wanted -> isSame(wanted, token))) {
                leased.add(lease(store, token));
            }
        }
        return CompletableFuture.allOf(leased.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> new Taken(
                        leased.stream().flatMap(each -> each.join().stream()).toList(),
                        new ConcurrentHashMap<>(),
                        found.tokens(),
                        null));
    }

    private static boolean isSame(Lost wanted, Lost token) {
        return wanted.id().equals(token.id())
                && wanted.nonce().equals(token.nonce())
                && wanted.buildUrl().equals(token.buildUrl());
    }

    /** Empty if there is one by now, or if it has to rest. What the disk does not take is known nevertheless. */
    private CompletableFuture<Optional<Lease>> lease(LeaseStore store, Lost token) {
        Lease lease = leaseOf(token);
        return store.others()
                .readmit(lease, store.others().here())
                .exceptionally(problem -> {
                    LOGGER.log(Level.WARNING, problem, () -> "Not on disk yet: a lease of " + lease.buildId());
                    return null;
                })
                .thenApply(written -> store.find(token.nonce()).filter(lease::equals));
    }

    /** What Jenkins knows, or knew, the build of a token by; in words if its description names none. */
    @NonNull
    public static String buildOf(@NonNull Lost token) {
        return token.buildUrl().isEmpty()
                ? Messages.LostTokenSearch_unnamed()
                : BuildUrl.parseAnywhere(token.buildUrl())
                        .map(BuildUrl::buildId)
                        .orElseGet(token::buildUrl);
    }

    private Lease leaseOf(Lost token) {
        Instant now = now();
        var identity = new Lease.Identity(
                token.nonce(), token.label(), organization, account, buildOf(token), token.buildUrl(), now);
        return new Lease(identity, token.end(), token.id(), now, null);
    }

    private Instant now() {
        return leases.clock().instant();
    }

    private LeaseStore store() {
        try {
            return leases.leasing().store();
        } catch (AbortException e) {
            throw new CompletionException(e);
        }
    }
}
