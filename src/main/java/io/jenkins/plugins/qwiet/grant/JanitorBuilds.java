package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Revocation.Revoked;
import io.jenkins.plugins.qwiet.redact.KnownBuilds;
import java.util.function.BiConsumer;

/** The builds of this Jenkins, for the janitor. */
final class JanitorBuilds implements Janitor.Builds {
    private final JenkinsLeases leases;

    JanitorBuilds(JenkinsLeases leases) {
        this.leases = leases;
    }

    @Override
    public boolean mayStillUse(@NonNull Lease lease) {
        return new BuildsOfLeases().mayUse(lease);
    }

    /** Tells the build, if that is still there: its log has nothing of it, or that it was not revoked yet. */
    @Override
    public void revoked(@NonNull Lease lease, @NonNull Revoked revoked) {
        find(lease, (run, tokens) -> tell(run, tokens, lease, revoked));
    }

    /**
     * The same after somebody revoked it while the build may have used it. Whoever holds it says so when it is given back; of what
     * the rest of a build uses, nobody would.
     */
    void recalled(Lease lease, Revoked revoked) {
        find(lease, (run, tokens) -> {
            if (isHeld(tokens, lease)) {
                tokens.gone(lease.nonce(), leases.clock().instant());
            } else {
                tell(run, tokens, lease, revoked);
            }
        });
    }

    private void tell(Run<?, ?> run, BuildTokens tokens, Lease lease, Revoked revoked) {
        if (run.isBuilding() && !TokenRevoker.isUnderWay(lease.nonce()) && mayBeLive(tokens, lease)) {
            new ToldBuild(run, BuildLog.of(run)).revoked(lease, revoked);
        } else {
            tokens.gone(lease.nonce(), leases.clock().instant());
        }
    }

    /** Notes in the build, if that is still there, that the token of a lease is gone, and says nothing. */
    void note(Lease lease) {
        find(lease, (run, tokens) -> tokens.gone(lease.nonce(), leases.clock().instant()));
    }

    /** Of what was never recorded, the log does not speak. */
    private static boolean mayBeLive(BuildTokens tokens, Lease lease) {
        return tokens.getTokens().stream().anyMatch(token -> token.nonce().equals(lease.nonce()) && token.mayBeLive());
    }

    /** Whether it is of a line that a block or a binding holds, or held. */
    private static boolean isHeld(BuildTokens tokens, Lease lease) {
        return tokens.getTokens().stream()
                .filter(token -> token.nonce().equals(lease.nonce()))
                .flatMap(token ->
                        tokens.getTokens().stream().filter(each -> each.lineId().equals(token.lineId())))
                .anyMatch(each -> each.use() == TokenRecord.Use.HELD || each.use() == TokenRecord.Use.OVER);
    }

    private static void withTokens(Run<?, ?> run, BiConsumer<Run<?, ?>, BuildTokens> then) {
        BuildTokens.of(run).ifPresent(tokens -> then.accept(run, tokens));
    }

    private void find(Lease lease, BiConsumer<Run<?, ?>, BuildTokens> then) {
        leases.threads().execute(() -> {
            KnownBuilds.forgetUnloaded(lease.buildId());
            Run<?, ?> run = new BuildsOfLeases().of(lease);
            if (run != null && run.isBuilding()) {
                leases.savesOf(run).execute(() -> withTokens(run, then));
            } else if (run != null) {
                withTokens(run, then);
            }
        });
    }
}
