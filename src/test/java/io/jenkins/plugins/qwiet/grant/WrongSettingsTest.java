package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stored setting that is wrong gives no build a token, and keeps none alive. */
class WrongSettingsTest extends OnJenkins {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"validity", "connectTimeout", "orgId"})
    void inTheFileTheyKeepNoTokenAlive(String field) throws Exception {
        Paused held = paused("withQwietCiToken(label: 'held') { semaphore 'PAUSE' }");
        set(field, field.equals("connectTimeout") ? Integer.valueOf(-5) : "acme");

        finishes(held);
    }

    /** They are refused, and nothing of them is in force. */
    @Test
    void inCodeTheyKeepNoTokenAlive() throws Exception {
        Paused held = paused("withQwietCiToken(label: 'held') { semaphore 'PAUSE' }");
        Path yaml = Files.writeString(temp.resolve("jenkins.yaml"), """
                unclassified:
                  qwiet:
                    apiAddress: '%s'
                    orgId: '%s'
                    credentialsId: sa
                    variable: SAME
                    orgVariable: SAME
                """.formatted(
                        qwiet.address(), qwiet.organization().id()));

        assertThatThrownBy(
                        () -> ConfigurationAsCode.get().configure(yaml.toUri().toString()))
                .hasStackTraceContaining("SAME");

        finishes(held);
    }

    @Test
    void aServiceAccountThatBecameOneOfAnotherOrganizationKeepsNoTokenAlive() throws Exception {
        Paused held = paused("withQwietCiToken(label: 'held') { semaphore 'PAUSE' }");
        var other = qwiet.addOrganization();
        QwietConfiguration.get().setOrgId(other.id());
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, other.serviceAccount());

        finishes(held);
    }

    @Test
    void anAddressThatWasChangedIsNotAServiceAccountThatIsGone() throws Exception {
        Paused held = paused("withQwietCiToken(label: 'held') { semaphore 'PAUSE' }");
        QwietConfiguration.get().setApiAddress("http://localhost:1/");
        SemaphoreStep.success(held.pause() + "/1", null);
        jenkins.waitForCompletion(held.run());

        jenkins.assertLogContains("it was created at " + qwiet.address(), held.run());
        jenkins.assertLogNotContains("no longer exists", held.run());
        assertThat(errorAfterASweep())
                .startsWith("Not revoked: it was created at ")
                .contains("http://localhost:1")
                .doesNotContain("account \"sa\"", "no longer exists");

        QwietAccount.set(qwiet);
        untilTheJanitorHasEndedTheRest();
    }

    private static String errorAfterASweep() throws Exception {
        JenkinsLeases.get().janitor().sweepAll().get();
        return JenkinsLeases.get().leasing().store().leases().stream()
                .map(Lease::lastError)
                .findFirst()
                .orElseThrow();
    }

    private void finishes(Paused held) throws Exception {
        SemaphoreStep.success(held.pause() + "/1", null);
        jenkins.waitForCompletion(held.run());
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    private static void set(String name, Object value) throws Exception {
        Field field = QwietConfiguration.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(QwietConfiguration.get(), value);
    }
}
