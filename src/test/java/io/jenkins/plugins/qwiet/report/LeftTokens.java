package io.jenkins.plugins.qwiet.report;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Live tokens of builds that are over, each with the lease that proves it; Qwiet lets none of them be revoked. */
final class LeftTokens {
    private final FakeQwiet qwiet;
    private final List<String> nonces = new ArrayList<>();

    LeftTokens(FakeQwiet qwiet) {
        this.qwiet = qwiet;
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "not now"));
    }

    /** Of any build, there or not. */
    FakeToken add(String label, String description, String url, String buildId) throws Exception {
        String nonce = TokenDescription.newNonce();
        Instant now = Instant.now();
        Instant end = now.plus(Duration.ofDays(1));
        FakeToken token =
                qwiet.organization().add(label, TokenDescription.describe(description, url, nonce), end, "access");
        var organization = new Organization(
                ApiAddress.parse(qwiet.address()), qwiet.organization().id());
        var identity = new Lease.Identity(nonce, label, organization, Account.ofJenkins("sa"), buildId, url, now);
        JenkinsLeases.get()
                .leasing()
                .store()
                .put(new Lease(identity, End.at(end), token.id(), now, null))
                .join();
        nonces.add(nonce);
        return token;
    }

    /** Leaves no lease to other tests. */
    void forget() throws Exception {
        for (String nonce : nonces) {
            JenkinsLeases.get().leasing().store().remove(nonce).join();
        }
    }
}
