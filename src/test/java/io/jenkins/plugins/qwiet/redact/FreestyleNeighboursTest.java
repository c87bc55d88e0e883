package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.plugins.ansicolor.AnsiColorBuildWrapper;
import hudson.plugins.build_timeout.BuildTimeOutOperation;
import hudson.plugins.build_timeout.BuildTimeoutWrapper;
import hudson.plugins.build_timeout.impl.NoActivityTimeOutStrategy;
import hudson.plugins.build_timeout.operations.AbortOperation;
import hudson.plugins.build_timeout.operations.FailOperation;
import hudson.plugins.build_timeout.operations.WriteDescriptionOperation;
import hudson.plugins.timestamper.TimestamperBuildWrapper;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.Pages;
import io.jenkins.plugins.qwiet.harness.TextsOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.envinject.EnvInjectBuildWrapper;
import org.jenkinsci.plugins.envinject.EnvInjectBuilder;
import org.jenkinsci.plugins.envinject.EnvInjectJobPropertyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;

/** Freestyle builds that have a token, with EnvInject, which copies variables, and Build Timeout, which stops builds. */
class FreestyleNeighboursTest extends OnJenkins {
    private static final String COPY = "OTHER=1\nCOPY=$SHIFTLEFT_ACCESS_TOKEN";

    private static final String REST = "injectedEnvVars/api/json";

    /** Says who sees what, and shows it. */
    private static final Shell LOOK = new Shell("""
            #!/bin/sh
            [ "$COPY" = "$SHIFTLEFT_ACCESS_TOKEN" ] && echo "same: $COPY"
            printf 'other: %s\\n' "$OTHER"
            """);

    /** Prints the token, and then nothing. */
    private static final Shell HANG = new Shell("#!/bin/sh\necho \"up: $SHIFTLEFT_ACCESS_TOKEN\"; exec sleep 600");

    /** Who copies the variable of which form of token. */
    enum Copying {
        WRAPPER_OF_BINDING("COPY=****"),
        STEP_OF_BINDING("COPY=****"),
        /** The step's token is in no environment that EnvInject asks for: the name is copied. */
        STEP_OF_STEP("COPY=$SHIFTLEFT_ACCESS_TOKEN");

        private final String kept;

        Copying(String kept) {
            this.kept = kept;
        }

        void in(FreeStyleProject job) throws IOException {
            if (this == STEP_OF_STEP) {
                job.getBuildersList().add(new QwietTokenBuilder("copied"));
            } else {
                job.getBuildWrappersList().add(binding("copied"));
            }
            if (this == WRAPPER_OF_BINDING) {
                job.getBuildWrappersList().add(envInject(COPY));
            } else {
                job.getBuildersList().add(new EnvInjectBuilder(null, COPY));
            }
        }
    }

    private static SecretBuildWrapper binding(String label) {
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel(label);
        return new SecretBuildWrapper(List.of(binding));
    }

    private static EnvInjectBuildWrapper envInject(String variables) {
        return new EnvInjectBuildWrapper(new EnvInjectJobPropertyInfo(null, variables, null, null, false, null));
    }

    private static BuildTimeoutWrapper timeout(BuildTimeOutOperation end) {
        return new BuildTimeoutWrapper(
                new NoActivityTimeOutStrategy("10"),
                List.of(new WriteDescriptionOperation("silent with $SHIFTLEFT_ACCESS_TOKEN"), end),
                "LIMIT");
    }

    /** What was kept, what REST said, while the build ran. */
    private static TestBuilder look(Map<String, String> seen) {
        return new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener log)
                    throws IOException, InterruptedException {
                build.save();
                seen.put("file", kept(build));
                seen.putAll(Pages.of(jenkins, build, REST));
                return true;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void whatEnvInjectKeepsHasNoTokenThatLives(Copying copying) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        copying.in(job);
        job.getBuildersList().add(LOOK);
        Map<String, String> seen = new ConcurrentHashMap<>();
        job.getBuildersList().add(look(seen));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        String value = valueOf("copied");
        jenkins.assertLogContains("same: ****", build);
        jenkins.assertLogContains("other: 1", build);
        assertThat(seen.get("file")).contains(copying.kept + "\n", "OTHER=1\n");
        // EnvInject's own page and REST have what is in its memory, and so has what it writes when the token is dead.
        boolean isCopied = copying != Copying.STEP_OF_STEP;
        assertThat(seen.remove(REST).contains(value)).isEqualTo(isCopied);
        assertThat(seen.values()).noneMatch(text -> text.contains(signature(value)));
        assertOver(build, "copied", isCopied);
    }

    /** An outage of Qwiet, which ends after the build. */
    @ParameterizedTest
    @EnumSource
    void whatEnvInjectKeepsHasNoTokenThatOutlivesItsBuild(Copying copying) throws Exception {
        tokensMayStay = true;
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        copying.in(job);
        job.getBuildersList().add(LOOK);

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("same: ****", build);
        assertThat(qwiet.organization().isLive(valueOf("copied"))).isTrue();
        assertNotOnDisk(build, signature(valueOf("copied")));
        build.save();
        assertNotOnDisk(build, signature(valueOf("copied")));
        assertThat(kept(build)).contains(copying.kept + "\n");
    }

    /** Installed beside us, and nothing of it in the job. */
    @Test
    void envInjectAloneKeepsNoToken() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(binding("bound"));
        job.getBuildersList().add(new QwietTokenBuilder("rest"));
        job.getBuildersList().add(new Shell("#!/bin/sh\necho \"seen: $SHIFTLEFT_ACCESS_TOKEN\""));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("seen: ****", build);
        assertThat(kept(build)).contains("JOB_NAME=").doesNotContain("SHIFTLEFT_ACCESS_TOKEN");
        assertOver(build, "bound", false);
        assertOver(build, "rest", false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenIsRevokedWhenItsBuildTimesOut(boolean bound) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(timeout(bound ? new FailOperation() : new AbortOperation()));
        if (bound) {
            job.getBuildWrappersList().add(binding("late"));
        } else {
            job.getBuildersList().add(new QwietTokenBuilder("late"));
        }
        job.getBuildersList().add(HANG);

        FreeStyleBuild build = jenkins.buildAndAssertStatus(bound ? Result.FAILURE : Result.ABORTED, job);

        assertTimedOut(build, "late", false);
    }

    @Test
    void allAtOnce() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var wrappers = job.getBuildWrappersList();
        wrappers.add(new TimestamperBuildWrapper());
        wrappers.add(new AnsiColorBuildWrapper("xterm"));
        wrappers.add(timeout(new AbortOperation()));
        wrappers.add(binding("late"));
        wrappers.add(envInject(COPY));
        job.getBuildersList().add(LOOK);
        job.getBuildersList().add(HANG);

        FreeStyleBuild build = jenkins.buildAndAssertStatus(Result.ABORTED, job);

        jenkins.assertLogContains("same: ****", build);
        assertTimedOut(build, "late", true);
    }

    private void assertTimedOut(FreeStyleBuild build, String label, boolean isCopied) throws IOException {
        String log = JenkinsRule.getLog(build);
        assertThat(log.lines().toList())
                .filteredOn(line -> line.contains("up: ****")
                        || line.contains("Build timed out (after 0 minutes)")
                        || line.contains("Qwiet: revoked CI token \"" + label + "\"")
                        || line.contains("Finished: "))
                .hasSize(4);
        assertThat(log)
                .containsSubsequence(
                        "up: ****", "Build timed out", "Qwiet: revoked CI token", "Finished: " + build.getResult());
        await().untilAsserted(() -> assertThat(build.getDescription()).isEqualTo("silent with ****"));
        assertOver(build, label, isCopied);
    }

    /** The token is dead as the build ends, and nowhere; a copy that EnvInject made may be in its file, if it wrote that later. */
    private void assertOver(FreeStyleBuild build, String label, boolean isCopied) throws IOException {
        String value = valueOf(label);
        assertThat(qwiet.organization().isLive(value)).isFalse();
        assertThat(new Leaks(value).in(JenkinsRule.getLog(build))).isFalse();
        await().untilAsserted(() -> assertThat(TextsOnDisk.namesOfThoseWith(
                        signature(value), jenkins.jenkins.getRootDir().toPath()))
                .isIn(List.of(), isCopied ? List.of("injectedEnvVars.txt") : List.of()));
    }

    private static String kept(AbstractBuild<?, ?> build) throws IOException {
        return Files.readString(build.getRootDir().toPath().resolve("injectedEnvVars.txt"))
                .replaceAll("[*]{4,}", "****");
    }
}
