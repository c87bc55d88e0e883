package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.BulkChange;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.harness.SharedJenkins;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

@SharedJenkins
class ConfigurationAsCodeTest {
    private static final String TOKEN = "the-token-of-the-service-account";

    private static JenkinsRule jenkins;

    @TempDir
    Path directory;

    @BeforeAll
    static void start(JenkinsRule rule) {
        jenkins = rule;
    }

    private static void apply(String source) throws Exception {
        ConfigurationAsCode.get().configure(source);
    }

    private static String example() {
        return ConfigurationAsCodeTest.class.getResource("casc.yml").toString();
    }

    @Test
    void setsEverySettingAndTheCredential() throws Exception {
        apply(example());

        var settings = QwietConfiguration.get().settings();
        assertThat(settings.apiAddress().base()).isEqualTo("https://qwiet.example/api/v4");
        assertThat(settings.orgId()).isEqualTo("6f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f");
        assertThat(settings.credentialsId()).isEqualTo("from-code");
        assertThat(settings.validity()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.variable()).isEqualTo("QWIET_TOKEN");
        assertThat(settings.orgVariable()).isEqualTo("QWIET_ORG");
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.revokeAtEnd()).isFalse();
        assertThat(settings.onlyFindableAccounts()).isTrue();
        assertThat(CredentialsProvider.lookupCredentialsInItemGroup(
                        QwietServiceAccount.class, jenkins.jenkins, ACL.SYSTEM2, List.of()))
                .singleElement()
                .satisfies(account -> {
                    assertThat(Secret.toString(account.getToken())).isEqualTo(TOKEN);
                    assertThat(account.getOrgId()).isEqualTo("5f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f");
                });
    }

    @Test
    void exportsWhatItWasGivenWithoutTheSecret() throws Exception {
        apply(example());
        var exported = new ByteArrayOutputStream();

        ConfigurationAsCode.get().export(exported);

        String yaml = exported.toString(StandardCharsets.UTF_8);
        assertThat(yaml)
                .contains("qwietServiceAccount:", "qwiet:", "QWIET_TOKEN", "https://qwiet.example/api/v4")
                .doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apiAddress: 'http://qwiet.example'|Use https",
                "orgId: 'acme'|expected a UUID",
                "validity: 59|expected 60 to 86400 seconds",
                "validity: 86401|expected 60 to 86400 seconds",
                "variable: 'A-B'|cannot be the name of a variable",
                "connectTimeout: 0|expected 1 to 600 seconds",
                "callTimeout: 601|expected 1 to 600 seconds"
            })
    void saysWhatIsWrongWithAValue(String line, String sentence) throws Exception {
        Path yaml = Files.writeString(directory.resolve("bad.yml"), "unclassified:\n  qwiet:\n    " + line + "\n");

        assertThatThrownBy(() -> apply(yaml.toUri().toString())).hasStackTraceContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"variable orgVariable", "variable apiHostVariable", "orgVariable apiHostVariable"})
    void refusesTwoVariablesThatDifferByCaseOnly(String two) throws Exception {
        apply(example());
        String[] names = two.split(" ");
        Path yaml = Files.writeString(
                directory.resolve("same.yml"),
                "unclassified:\n  qwiet:\n    %s: SAME_NAME\n    %s: same_name\n".formatted(names[0], names[1]));

        assertThatThrownBy(() -> apply(yaml.toUri().toString()))
                .rootCause()
                .message()
                .containsIgnoringCase("SAME_NAME");

        assertThat(QwietConfiguration.get().getVariable()).isEqualTo("QWIET_TOKEN");
        assertThat(QwietConfiguration.get().settings().orgVariable()).isEqualTo("QWIET_ORG");
    }

    /** A build that mints in between would send the old account's token to the new address. */
    @Test
    void changesAllSettingsAtOnce() throws Exception {
        apply(example());
        var configuration = QwietConfiguration.get();
        try (var change = new BulkChange(configuration)) {
            configuration.setApiAddress("https://other.example/api/v4");

            assertThat(configuration.settings().apiAddress().base()).isEqualTo("https://qwiet.example/api/v4");

            configuration.setCredentialsId("other");
            change.commit();
        }
        assertThat(configuration.settings().apiAddress().base()).isEqualTo("https://other.example/api/v4");
        assertThat(configuration.settings().credentialsId()).isEqualTo("other");
    }
}
