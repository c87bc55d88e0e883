package io.jenkins.plugins.qwiet.manage;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Leases as a crash or an outage may have left them. */
final class SomeLeases {
    /** What somebody may call a token who means no good. */
    static final String HOSTILE = "<script>alert(1)</script>${7*7}\"'><img src=x onerror=alert(2)>\u202e\u001b[31m";

    private SomeLeases() {}

    static Organization organization(FakeQwiet qwiet) {
        return new Organization(
                ApiAddress.parse(qwiet.address()), qwiet.organization().id());
    }

    static Organization nowhere() {
        return new Organization(ApiAddress.parse(ApiAddress.DEFAULT), "1f0c2f5e-0000-4000-8000-000000000001");
    }

    /** Nobody uses it any more. */
    static Lease released(int number, String label, String buildId, Organization organization) {
        return lease(number, label, buildId, organization, "token-" + number, now(), null, null);
    }

    /** It has been failing since then. */
    static Lease failing(int number, String error, Instant since) {
        return lease(number, "token " + number, "shop#" + number, nowhere(), "token-" + number, since, error, since);
    }

    /** As those of a build that was there before it. */
    static Lease openedNow(Lease lease) {
        var identity = new Lease.Identity(
                lease.nonce(),
                lease.label(),
                lease.organization(),
                lease.account(),
                lease.buildId(),
                lease.buildUrl(),
                Instant.now());
        return new Lease(identity, lease.end(), lease.tokenId(), lease.releasedAt(), lease.failure());
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    static Lease lease(
            int number,
            String label,
            String buildId,
            Organization organization,
            String tokenId,
            Instant releasedAt,
            String error,
            Instant failingSince) {
        Instant now = now();
        var identity = new Lease.Identity(
                String.format("%032x", number),
                label,
                organization,
                Account.ofJenkins("sa"),
                buildId,
                "https://jenkins.example/job/" + number + "/",
                now.minusSeconds(60).plusMillis(number));
        var failure = error == null ? null : new Lease.Failure(error, failingSince, false);
        return new Lease(identity, End.at(now.plusSeconds(86_400)), tokenId, releasedAt, failure);
    }
}
