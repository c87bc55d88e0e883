package io.jenkins.plugins.qwiet.demo;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.audit.Audit;
import io.jenkins.plugins.qwiet.audit.AuditLog;
import io.jenkins.plugins.qwiet.audit.BuildStates;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.Rules;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Seed;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Home;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult.Minted;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import io.jenkins.plugins.qwiet.mask.Mask;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;

/** {@code ./demo} where no Jenkins can be had: a token's life with the plugin's own client, leases, mask and audit. */
public final class Walk {
    private static final String BUILD = "https://jenkins.example/job/demo/1/";

    private Walk() {}

    public static void main(String[] args) throws Exception {
        var clock = Clock.systemUTC();
        var files = Executors.newSingleThreadExecutor();
        try (var qwiet = FakeQwiet.start(clock);
                var clients = new QwietClients(clock)) {
            Seed.tokens(qwiet.organization(), 200, clock);
            int before = qwiet.organization().liveTokens().size();
            Demo.say("a mock server for Qwiet listens at " + qwiet.address() + " and has " + before
                    + " live CI tokens of others");
            var organization = new Organization(
                    ApiAddress.parse(qwiet.address()), qwiet.organization().id());
            QwietClient client = clients.client(
                    ConnectionSettings.defaults(),
                    organization,
                    SecretText.of(qwiet.organization().serviceAccount()));
            var store =
                    LeaseStore.open(Files.createTempDirectory("qwiet-demo"), clock, new Home("demo", "", ""), files);
            var leasing = new Leasing(store, clock, TokenDescription::newNonce);

            var order = new MintRequest(
                    "demo: walk", "A walk", Duration.ofHours(1), Account.ofJenkins("demo"), "demo#1", BUILD);
            if (!(leasing.mint(client, order).get() instanceof Minted minted)) {
                throw new IllegalStateException("no token was minted");
            }
            Demo.say("minted \"demo: walk\" (id " + minted.token().id() + "), with a lease on disk");
            var mintedAt = clock.instant();
            use(minted.token().value(), organization.orgId());

            leasing.revoke(client, minted.lease()).get();
            Demo.say("revoked; open leases: " + store.leases().size() + ", live tokens of this walk: "
                    + (qwiet.organization().liveTokens().size() - before));

            var token = BuildToken.recorded(
                    minted.token().id(), "demo: walk", mintedAt, minted.lease().expiresAt(), clock.instant());
            var audit = new Audit(
                    new Audit.Subject(
                            organization,
                            QwietClient.ListQuery.LIVE,
                            "demo #1",
                            BUILD,
                            List.of(token),
                            Set.of(minted.lease().nonce())),
                    Rules.NONE,
                    null,
                    clock);
            var listed = client.list(QwietClient.ListQuery.LIVE, audit).get();
            var report = audit.finish(listed, BuildStates.UNKNOWN).report();
            AuditLog.lines(report).forEach(Demo::say);
        } finally {
            files.shutdown();
        }
    }

    /** In a child process, as a build step would; what it prints goes through the mask. */
    private static void use(SecretText value, String orgId) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                "sh", "-c", "echo \"the child process of $SHIFTLEFT_ORG_ID has the token $SHIFTLEFT_ACCESS_TOKEN\"");
        builder.environment().put("SHIFTLEFT_ACCESS_TOKEN", value.reveal());
        builder.environment().put("SHIFTLEFT_ORG_ID", orgId);
        builder.redirectErrorStream(true);
        Process child = builder.start();
        Mask mask = Mask.of(List.of(value), StandardCharsets.UTF_8);
        var log = new MaskingOutputStream(System.out, () -> mask);
        child.getInputStream().transferTo(log);
        log.flush();
        child.waitFor();
    }
}
