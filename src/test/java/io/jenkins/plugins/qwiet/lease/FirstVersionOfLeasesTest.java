package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The leases that the first version wrote, in {@code FirstVersionOfLeasesTest/} of the resources, each later version
 * reads: a lease that is not read is a token that is not revoked. Those files never change.
 */
class FirstVersionOfLeasesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T03:20:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    @Test
    void areReadByThisOne() throws Exception {
        Path written =
                Path.of(getClass().getResource("FirstVersionOfLeasesTest").toURI());
        try (var files = Files.list(written)) {
            Path journal = directory.resolve("journal-00000001.jsonl");
            for (Path file : files.sorted().toList()) {
                String lease = new ObjectMapper().readTree(file.toFile()).toString();
                Files.writeString(
                        journal,
                        LeaseStoreTest.signed("\"seq\":1,\"owner\":\"the first\",\"lease\":" + lease + "}\n"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }

        var store = Leases.store(directory, CLOCK);
        store.takeOverResting().join();

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
