package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Home;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.UnsyncedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Leases that other builds have open. */
final class ManyLeases {
    /** Of no Jenkins. */
    static final Home HOME = UnsyncedDisk.HOME;

    private ManyLeases() {}

    /** Writes one for each token. */
    static void write(Path directory, Organization organization, List<String> tokenIds) throws IOException {
        LeaseStore store = UnsyncedDisk.store(directory, Clock.systemUTC(), Runnable::run);
        for (int i = 0; i < tokenIds.size(); i++) {
            store.put(of(i, organization, tokenIds.get(i))).join();
        }
        store.close().join();
    }

    /** A lease of its own build; an intent if there is no token yet. */
    static Lease of(int number, Organization organization, String tokenIdOrNull) {
        Instant now = Clock.systemUTC().instant();
        var identity = new Lease.Identity(
                String.format("%032x", number),
                "app #" + number,
                organization,
                Account.ofJenkins("sa"),
                "app#" + number,
                "https://jenkins.example/job/app/" + number + "/",
                now);
        return new Lease(identity, End.at(now.plus(Duration.ofHours(1))), tokenIdOrNull, null, null);
    }
}
