package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The journal that the first version wrote, in {@code FirstVersionOfLeasesTest/} of the resources, each later version
 * reads: a lease that is not read is a token that is not revoked. Those files never change.
 */
class FirstVersionOfLeasesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T03:20:00Z"), ZoneOffset.UTC);

    /** As it is named there. */
    private static final Home SAME = new Home("/var/jenkins_home", "ci.example.com 4f2c", "5wq0a1");

    @TempDir
    private Path directory;

    @Test
    void areReadByThisOne() throws Exception {
        Path written = Path.of(
                getClass().getResource("FirstVersionOfLeasesTest/leases").toURI());
        try (var files = Files.list(written)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }

        LeaseStore store = Leases.store(directory, CLOCK, new Leases.UnlockedDisk(), SAME, Runnable::run);

        assertThat(store.setAside()).isEmpty();
        assertThat(store.resting()).as("they are its own").isEmpty();
        assertThat(store.ended())
                .singleElement()
                .satisfies(ended -> assertThat(ended.tokenId()).isEqualTo("7d0f5f3c-0000-4000-8000-000000000010"));
        assertThat(store.leases()).hasSize(2).allSatisfy(lease -> {
            assertThat(lease.organization())
                    .isEqualTo(new Organization(
                            ApiAddress.parse("https://app.shiftleft.io/api/v4"),
                            "5f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f"));
            assertThat(lease.account()).isEqualTo(Account.ofJenkins("qwiet"));
            assertThat(lease.openedAt()).isEqualTo("2026-11-24T03:05:29Z");
            assertThat(lease.expiresAt()).isEqualTo("2026-11-24T04:05:29Z");
        });
        assertThat(store.find("74ca9d7b8d3751800e910f17b52b7da0")).hasValueSatisfying(live -> {
            assertThat(live.label()).isEqualTo("nightly scan");
            assertThat(live.buildId()).isEqualTo("folder/shop#12");
            assertThat(live.buildUrl()).isEqualTo("https://jenkins.example.com/job/folder/job/shop/12/");
            assertThat(live.tokenId()).isEqualTo("b8dc0c6f-24ec-4c7f-8ae9-5c9083ccd793");
            assertThat(live.releasedAt()).isEqualTo("2026-11-24T03:15:00Z");
        });
        assertThat(store.find("67eca22032f701f9014ffc2d44795d15")).hasValueSatisfying(intent -> {
            assertThat(intent.tokenId()).isNull();
            assertThat(intent.releasedAt()).isNull();
        });
    }
}
