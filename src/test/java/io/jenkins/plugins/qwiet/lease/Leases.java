package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Leases, nonces and orders for tests. */
final class Leases {
    static final Organization ORGANIZATION =
            new Organization(ApiAddress.parse(ApiAddress.DEFAULT), "1f0c2f5e-0000-4000-8000-000000000001");
    /** When most tests begin. */
    static final Instant TEN = Instant.parse("2026-08-03T10:00:00Z");

    static final Instant NOON = Instant.parse("2026-08-03T12:00:00Z");
    static final Duration AN_HOUR = Duration.ofHours(1);

    private static final Home HOME = new Home("/var/jenkins", "one machine", "one instance");

    private Leases() {}

    /** A store that works on the threads of its callers, and whose process may be killed: it leaves no lock behind. */
    static LeaseStore store(Path directory, Clock clock) throws IOException {
        return store(directory, clock, new UnlockedDisk());
    }

    static LeaseStore store(Path directory, Clock clock, Disk disk) throws IOException {
        return store(directory, clock, disk, Runnable::run);
    }

    static LeaseStore store(Path directory, Clock clock, Disk disk, Executor fileWork) throws IOException {
        return store(directory, clock, disk, HOME, fileWork);
    }

    static LeaseStore store(Path directory, Clock clock, Disk disk, Home home, Executor fileWork) throws IOException {
        return LeaseStore.open(new LeaseStore.Parts(directory, clock, home, Leases::uuid, disk, fileWork));
    }

    /** A store whose nanoseconds are a test's. */
    static LeaseStore store(Path directory, Clock clock, LongSupplier nanoTime, Disk disk) throws IOException {
        return LeaseStore.open(new LeaseStore.Parts(
                directory, clock, nanoTime, HOME, Leases::uuid, disk, Runnable::run, JournalWriter.SMALLEST_LIMIT));
    }

    private static String uuid() {
        return UUID.randomUUID().toString();
    }

    /** The lock of a process goes with it; that of a test would stay. Nor are platters waited for. */
    static class UnlockedDisk extends LocalDisk {
        @Override
        public OpenFile create(Path file) throws IOException {
            OpenFile real = super.create(file);
            return new PassingFile(real) {
                @Override
                public void sync() {
                    // See the class.
                }
            };
        }

        @Override
        public void sync(Path directory) throws IOException {
            // See the class.
        }

        @Override
        public Optional<Disk.Lock> lock(Path file, byte[] holder) {
            return Optional.of(() -> {});
        }
    }

    static String nonce(long number) {
        return String.format("%032x", number);
    }

    /** Counts, so that a test can name the nonces in advance. */
    static Supplier<String> nonces() {
        var last = new AtomicLong();
        return () -> nonce(last.incrementAndGet());
    }

    static MintRequest order(String buildId) {
        return order(buildId, Account.ofJenkins("service-account"));
    }

    static MintRequest order(String buildId, Account account) {
        return new MintRequest(
                "label of " + buildId,
                "scans the shop",
                AN_HOUR,
                account,
                buildId,
                "https://jenkins.example/job/" + buildId.replace('#', '/') + "/");
    }

    static Lease intent(long number, String buildId) {
        return Lease.intent(nonce(number), order(buildId), ORGANIZATION, NOON);
    }

    static Lease live(long number, String buildId) {
        return intent(number, buildId).minted("token-" + number, End.at(NOON.plus(AN_HOUR)));
    }

    /** A live lease of an organization's token that is there. */
    static Lease liveIn(ScriptedQwiet qwiet, long number, String buildId, Clock clock) {
        return liveIn(qwiet, number, buildId, clock, "service-account");
    }

    /** The same, minted with the account of that id. */
    static Lease liveIn(ScriptedQwiet qwiet, long number, String buildId, Clock clock, String credentialsId) {
        var description = TokenDescription.describe("", "https://jenkins.example/", nonce(number));
        Instant now = clock.instant();
        return Lease.intent(nonce(number), order(buildId, Account.ofJenkins(credentialsId)), qwiet.organization(), now)
                .minted(qwiet.add(description).id(), End.at(now.plus(AN_HOUR)));
    }

    /** As it was before its token was made. */
    static Lease intentOf(Lease lease) {
        return Lease.intent(
                lease.nonce(), order(lease.buildId(), lease.account()), lease.organization(), lease.openedAt());
    }
}
