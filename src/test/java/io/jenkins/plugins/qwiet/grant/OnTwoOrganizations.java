package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests in which builds have tokens of two organizations; the second one's service account is {@code other}. */
abstract class OnTwoOrganizations extends OnOneClock {
    FakeOrganization other;

    @BeforeEach
    final void twoOrganizations() throws Exception {
        other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
    }

    @AfterEach
    final void noTokenIsLeftThere() {
        await().untilAsserted(() -> assertThat(other.liveTokens()).isEmpty());
    }
}
