package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A janitor whose organization has tokens of another Jenkins too. */
@ExtendWith(QuietLeases.class)
abstract class BesideOthers {
    static final String THEIRS = "6f0efb6892f94d68ff92c0cb2e05bfbd";
    static final String THEIR_BUILD = "https://other.example/job/shop/7/";

    final FakeClock clock = new FakeClock(Leases.TEN.minus(Looks.APART));
    final ScriptedQwiet qwiet = new ScriptedQwiet(clock);

    @TempDir
    Path directory;

    LeaseStore store;
    private Janitor janitor;

    @BeforeEach
    void open() throws Exception {
        store = Leases.store(directory.resolve("leases"), clock, FaultyDisk.sound());
        var leasing = new Leasing(store, clock, Leases.nonces());
        Optional<QwietClient> client = Optional.of(qwiet.client());
        janitor = new Janitor(leasing, lease -> client, lease -> false, clock, 4);
        clock.advance(Looks.APART);
    }

    void sweepOnAndOn() {
        for (int i = 0; i < 40; i++) {
            janitor.sweep().join();
            clock.advance(Duration.ofMinutes(2));
        }
    }
}
