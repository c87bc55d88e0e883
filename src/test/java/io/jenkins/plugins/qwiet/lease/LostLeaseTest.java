package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lease that the journal lost, as when an older backup of it was restored, and that a build remembers. */
class LostLeaseTest extends BehindABox {
    private static final String HOME = "/var/jenkins";

    private Lease lease;
    private String owner;

    @BeforeEach
    void aLeaseThatIsLost() throws Exception {
        startAt(HOME);
        lease = ((MintResult.Minted) world.mint("shop#1")).lease();
        owner = world.store.others().here();
    }

    private void lose(String start) throws IOException {
        Path leases = directory.resolve("leases");
        try (var files = Files.list(leases)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith(start))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private void remember() {
        assertThat(world.store.others().isUnknown(lease.nonce())).isTrue();
        world.store.others().readmit(lease, owner).join();
        assertThat(world.store.others().isUnknown(lease.nonce())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isRevokedWhenItsBuildIsOver(boolean restarted) throws Exception {
        lose("journal");
        startAt(HOME);
        remember();
        if (restarted) {
            startAt(HOME);
        }
        assertThat(world.store.leases()).containsExactly(lease);
        world.sweep(20);
        assertThat(world.tokens).as("its build runs").hasSize(1);
        world.buildRuns = false;
        world.sweep(20);
        nothingLeft();
    }

    /** A rehearsal from which the folder was taken, as docs/copies.md says, or whose folder was copied: the original uses it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "journal"})
    void restsInACopy(String lost) throws Exception {
        lose(lost);
        startAt("/elsewhere");
        remember();
        world.buildRuns = false;
        world.sweep(20);
        assertThat(world.tokens).hasSize(1);
        assertThat(world.store.resting()).singleElement().satisfies(resting -> {
            assertThat(resting.lease()).isEqualTo(lease);
            assertThat(resting.owner()).isEqualTo(owner);
        });
        startAt("/elsewhere");
        assertThat(world.store.resting()).hasSize(1);
    }

    /** What is known counts more than what a build remembers. */
    @Test
    void isNotAsItWasIfMoreIsKnown() throws Exception {
        world.leasing.release(lease.nonce()).join();
        world.store.others().readmit(lease, owner).join();
        assertThat(world.store.find(lease.nonce()).orElseThrow().releasedAt()).isNotNull();
        world.leasing.revoke(world.client(), lease).join();
        world.store.others().readmit(lease, owner).join();
        assertThat(world.store.leases()).as("it has ended").isEmpty();
    }

    @Test
    void isNotOpenedThatWasLeftToAnother() throws Exception {
        startAt("/elsewhere");
        world.store.forgetResting().join();
        world.store.others().readmit(lease, owner).join();
        assertThat(world.store.leases()).isEmpty();
        assertThat(world.store.resting()).isEmpty();
        assertThat(world.store.others().left()).extracting(RestingLease::lease).isEqualTo(List.of(lease));
    }
}
