package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.model.FreeStyleProject;
import hudson.model.TaskListener;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietSettings;
import io.jenkins.plugins.qwiet.harness.OwnJenkins;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.recipes.LocalData;

/**
 * What the first version wrote to {@code JENKINS_HOME}, in {@code FirstVersionTest/} of the resources, each later version
 * reads. Those files never change; what a later version writes in another way gets files and a test of its own.
 */
@OwnJenkins
class FirstVersionTest {
    private static final String ORGANIZATION = "8a9dac58-2c58-4c76-9ee4-02361d68c4de";

    @Test
    @LocalData
    void isReadByThisOne(JenkinsRule jenkins) throws Exception {
        var job = jenkins.jenkins.getItemByFullName("freestyle", FreeStyleProject.class);

        settings();
        account(jenkins);
        buildSteps(job.getBuildersList().getAll(QwietTokenBuilder.class));
        binding(job);
        finishedBuild(job);
        killedBuild(job);
        isWrittenInTheSameWay(jenkins, job);
    }

    private static void settings() {
        assertThat(QwietConfiguration.get().settings())
                .isEqualTo(new QwietSettings(
                        ApiAddress.parse("https://qwiet.example.com/api/v4"),
                        "5f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f",
                        "first",
                        Duration.ofSeconds(1800),
                        "OUR_TOKEN",
                        "OUR_ORG",
                        QwietConfiguration.DEFAULT_API_HOST_VARIABLE,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        false,
                        false));
    }

    private static void account(JenkinsRule jenkins) {
        assertThat(CredentialsProvider.lookupCredentialsInItemGroup(
                        QwietServiceAccount.class, jenkins.jenkins, null, List.of()))
                .singleElement()
                .satisfies(account -> {
                    assertThat(account.getId()).isEqualTo("first");
                    assertThat(account.getDescription()).isEqualTo("The first service account");
                    assertThat(account.getToken().getPlainText()).isEqualTo("the-token-of-the-first-service-account");
                    assertThat(account.getOrgId()).isEqualTo("0a1b2c3d-1d2b-4c3d-8e9f-5f0c3f2e4e5f");
                });
    }

    private static void buildSteps(List<QwietTokenBuilder> steps) {
        assertThat(steps).hasSize(2);
        assertThat(steps.get(0)).satisfies(step -> {
            assertThat(step.getLabel()).isEqualTo("first ${BUILD_NUMBER}");
            assertThat(step.getDescription()).isEqualTo("for the scan");
            assertThat(step.getCredentialsId()).isEqualTo("first");
            assertThat(step.getOrgId()).isEqualTo(ORGANIZATION);
            assertThat(step.getVariable()).isEqualTo("SCAN_TOKEN");
            assertThat(step.getOrgVariable()).isEqualTo("SCAN_ORG");
            assertThat(step.getValidFor()).isEqualTo(900);
        });
        assertThat(steps.get(1)).hasAllNullFieldsOrPropertiesExcept("renew");
    }

    private static void binding(FreeStyleProject job) {
        assertThat(job.getBuildWrappersList().get(SecretBuildWrapper.class).getBindings())
                .singleElement()
                .isInstanceOfSatisfying(QwietAccessTokenBinding.class, binding -> {
                    assertThat(binding.getCredentialsId()).isEqualTo("first");
                    assertThat(binding.getLabel()).isEqualTo("bound");
                    assertThat(binding.getDescription()).isEqualTo("for the scan");
                    assertThat(binding.getOrgId()).isEqualTo(ORGANIZATION);
                    assertThat(binding.getVariable()).isEqualTo("BOUND_TOKEN");
                    assertThat(binding.getOrgVariable()).isEqualTo("BOUND_ORG");
                    assertThat(binding.getValidFor()).isEqualTo(600);
                });
    }

    private static void finishedBuild(FreeStyleProject job) {
        List<TokenRecord> tokens =
                BuildTokens.of(job.getBuildByNumber(1)).orElseThrow().getTokens();

        assertThat(tokens).extracting(TokenRecord::label).containsExactly("revoked", "not revoked");
        assertThat(tokens).allSatisfy(token -> {
            assertThat(token.orgId()).isEqualTo(ORGANIZATION);
            assertThat(token.mintedAt()).isEqualTo(Instant.ofEpochMilli(1795575283718L));
            assertThat(token.expiresAt()).isEqualTo(Instant.ofEpochMilli(1795576183657L));
            assertThat(token.variable()).isEqualTo("SCAN_TOKEN");
            assertThat(token.value()).isNull();
        });
        assertThat(tokens.get(0).nonce()).isEqualTo("67eca22032f701f9014ffc2d44795d15");
        assertThat(tokens.get(0).id()).isEqualTo("dda58488-dff9-4909-ae02-5732f5f25db9");
        assertThat(tokens.get(0).revokedAt()).isEqualTo(Instant.ofEpochMilli(1795575284277L));
        assertThat(tokens.get(0).problem()).isNull();
        assertThat(tokens.get(1).revokedAt()).isNull();
        assertThat(tokens.get(1).problem()).isEqualTo("The access token lacks the scope tokens:delete");
    }

    /** Jenkins was killed while it ran; its token was for the rest of it. */
    private static void killedBuild(FreeStyleProject job) throws Exception {
        var build = job.getBuildByNumber(2);

        assertThat(BuildTokens.of(build).orElseThrow().getTokens())
                .singleElement()
                .satisfies(token -> assertThat(Secret.toString(token.value())).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+"));
        assertThat(build.getEnvironment(TaskListener.NULL)).doesNotContainKeys("SCAN_TOKEN", "SCAN_ORG");
    }

    private static void isWrittenInTheSameWay(JenkinsRule jenkins, FreeStyleProject job) throws Exception {
        Path home = jenkins.jenkins.getRootDir().toPath();
        var before = List.of(
                home.resolve("credentials.xml"),
                home.resolve("io.jenkins.plugins.qwiet.config.QwietConfiguration.xml"),
                home.resolve("jobs/freestyle/config.xml"));
        List<String> read = before.stream().map(FirstVersionTest::ours).toList();

        CredentialsProvider.lookupStores(jenkins.jenkins).iterator().next().save();
        QwietConfiguration.get().save();
        job.save();

        assertThat(before.stream().map(FirstVersionTest::ours).toList()).isEqualTo(read);
    }

    /** The elements of this plugin in a file, without the version that wrote them and what is encrypted anew. */
    private static String ours(Path file) {
        try {
            var ours = new StringBuilder();
            Pattern.compile("(?s)<(io\\.jenkins\\.plugins\\.qwiet\\.[\\w.]+)[^>]*?(?:/>|>.*?</\\1>)")
                    .matcher(Files.readString(file, StandardCharsets.UTF_8))
                    .results()
                    .forEach(found -> ours.append(found.group()).append('\n'));
            assertThat(ours).as(file.toString()).isNotEmpty();
            return ours.toString()
                    .replaceAll(" plugin=\"[^\"]*\"", "")
                    .replaceAll("\\{[A-Za-z0-9+/=]{20,}}", "encrypted")
                    .replaceAll("(?m)^\\s+", "");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
