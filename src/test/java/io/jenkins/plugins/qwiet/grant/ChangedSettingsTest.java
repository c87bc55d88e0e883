package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietFolderProperty;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings change, or are spoilt, while a build holds a token: what was settled when that was created stays. */
class ChangedSettingsTest extends OnOneClock {
    private static final String OTHER = "6f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f";
    /** Seconds, when a token that is valid for 20 minutes is to be renewed. */
    private static final Duration UNTIL_RENEWAL = Duration.ofSeconds(801);

    private Folder team;

    @BeforeEach
    void makeFolder() throws Exception {
        team = jenkins.createProject(Folder.class, newName());
    }

    @AfterEach
    void asByDefault() throws Exception {
        setGlobal("variable", QwietConfiguration.DEFAULT_VARIABLE);
        setGlobal("apiHostVariable", QwietConfiguration.DEFAULT_API_HOST_VARIABLE);
        setGlobal("validity", "3600");
    }

    private void set(Consumer<QwietFolderProperty> set) throws Exception {
        var property = new QwietFolderProperty();
        set.accept(property);
        team.getProperties().remove(QwietFolderProperty.class);
        team.addProperty(property);
    }

    /** As somebody who edits the file would. */
    private static void setGlobal(String name, Object value) throws Exception {
        Field field = QwietConfiguration.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(QwietConfiguration.get(), value);
    }

    private Paused inTeam(String script) throws Exception {
        return paused(team.createProject(WorkflowJob.class, newName()), script);
    }

    private void isRenewed(Paused build) throws Exception {
        pass(UNTIL_RENEWAL);
        try {
            await().until(() -> qwiet.organization().minted() == 2);
        } finally {
            build.goOn(Result.SUCCESS);
        }
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    private static void change(QwietFolderProperty settings, String what) {
        switch (what) {
            case "no organization" -> settings.setOrgId("nonsense");
            case "no lifetime" -> settings.setValidFor("soon");
            case "no variable" -> settings.setVariable("1 bad");
            case "the same variable" -> settings.setVariable("SHIFTLEFT_ORG_ID");
            case "the variable of the step" -> settings.setVariable("MY_ORG");
            case "no account" -> settings.setCredentialsId("nobody");
            case "another organization" -> settings.setOrgId(OTHER);
            case "another organization for all" -> {
                settings.setOrgId(OTHER);
                settings.setEnforced(true);
            }
            default -> throw new IllegalArgumentException(what);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no organization",
                "no lifetime",
                "no variable",
                "the same variable",
                "the variable of the step",
                "no account",
                "another organization",
                "another organization for all"
            })
    void aTokenIsRenewedWhateverTheFolderSetsByThen(String what) throws Exception {
        Paused build =
                inTeam("withQwietCiToken(label: 'held', validFor: 1200, orgVariable: 'MY_ORG') { semaphore 'PAUSE' }");

        set(settings -> change(settings, what));

        isRenewed(build);
    }

    @ParameterizedTest
    @ValueSource(strings = {"variable", "validity", "orgId"})
    void aTokenIsRenewedThoughAGlobalSettingIsSpoilt(String field) throws Exception {
        Paused build = inTeam("withQwietCiToken(label: 'held', validFor: 1200) { semaphore 'PAUSE' }");

        setGlobal(field, "not a valid one");

        isRenewed(build);
    }

    /** The block that holds it, and the rest of the build, go on looking where they looked. */
    @ParameterizedTest
    @ValueSource(strings = {"withQwietCiToken(validFor: 1200) { BODY }", "qwietCiToken(validFor: 1200)\nBODY"})
    void aBuildKeepsTheVariablesThatItWasGiven(String script) throws Exception {
        set(settings -> {
            settings.setVariable("FIRST_TOKEN");
            settings.setOrgVariable("FIRST_ORG");
            settings.setApiHostVariable("FIRST_HOST");
        });
        Paused build = inTeam(script.replace("BODY", """
                node {
                  sh 'printf %s "$FIRST_TOKEN" > before'
                  semaphore 'PAUSE'
                  sh '[ -n "$FIRST_TOKEN" ] && [ "$FIRST_TOKEN" != "$(cat before)" ] && [ -n "$FIRST_ORG" ]'
                  sh '[ -z "$SECOND_TOKEN$SECOND_ORG" ]; echo "host: $FIRST_HOST, $SECOND_HOST."'
                }"""));

        set(settings -> {
            settings.setVariable("SECOND_TOKEN");
            settings.setOrgVariable("SECOND_ORG");
            settings.setApiHostVariable("SECOND_HOST");
        });
        pass(UNTIL_RENEWAL);
        await().until(() -> qwiet.organization().minted() == 2);
        await().until(() -> Renewals.get().isIdle());

        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogContains("host: " + host() + ", .", run);
    }

    @Test
    void aBuildKeepsTheVariableOfTheHostThoughTheGlobalSettingIsCleared() throws Exception {
        Paused build =
                inTeam("node { withQwietCiToken { semaphore 'PAUSE'\nsh 'echo \"host: $SHIFTLEFT_API_HOST.\"' } }");

        QwietConfiguration.get().setApiHostVariable("");

        jenkins.assertLogContains("host: " + host() + ".", build.goOn(Result.SUCCESS));
    }

    /** What one step is given does not take away what an earlier one was. */
    @Test
    void eachTokenHasTheHostUnderTheNameThatAppliedWhenItWasCreated() throws Exception {
        set(settings -> settings.setApiHostVariable("FIRST_HOST"));
        Paused build = inTeam("""
                withQwietCiToken(label: 'outer') {
                  semaphore 'PAUSE'
                  withQwietCiToken(label: 'inner') { echo "hosts: ${env.FIRST_HOST}, ${env.SECOND_HOST}." }
                  echo "after: ${env.FIRST_HOST}, ${env.SECOND_HOST}."
                }""");

        set(settings -> settings.setApiHostVariable("SECOND_HOST"));

        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogContains("hosts: " + host() + ", " + host() + ".", run);
        jenkins.assertLogContains("after: " + host() + ", null.", run);
    }

    /** A script may set what the form refuses; no request for a token refuses it to a build that has one. */
    @Test
    void aReservedNameBreaksNoBuildThatRuns() throws Exception {
        Paused build = inTeam("withQwietCiToken { semaphore 'PAUSE'\necho \"path: ${env.PATH}.\" }");

        set(settings -> settings.setApiHostVariable("PATH"));

        jenkins.assertLogNotContains("path: " + host(), build.goOn(Result.SUCCESS));
    }

    @Test
    void aReservedNameBreaksNoProcessOfAFreestyleBuild() throws Exception {
        FreeStyleProject job = team.createProject(FreeStyleProject.class, newName());
        job.getBuildersList()
                .addAll(List.of(
                        new QwietTokenBuilder("held"),
                        new Shell("touch waiting; for i in $(seq 600); do [ -e go ] && exit; sleep 0.1; done"),
                        new Shell("echo \"path: $PATH.\"; echo \"host: $SHIFTLEFT_API_HOST.\"")));
        var run = job.scheduleBuild2(0).waitForStart();
        await().until(() -> run.getWorkspace() != null
                && run.getWorkspace().child("waiting").exists());

        set(settings -> settings.setApiHostVariable("PATH"));
        run.getWorkspace().child("go").write("", null);

        await().until(() -> !run.isLogUpdated());
        jenkins.assertBuildStatusSuccess(run);
        jenkins.assertLogContains("host: " + host() + ".", run);
        jenkins.assertLogNotContains("path: " + host(), run);
    }

    /** To the end: by then the first token would be dead. */
    @Test
    void aBuildDoesNotOutliveItsTokenBecauseOfASlip() throws Exception {
        Paused build = inTeam("withQwietCiToken(label: 'held', validFor: 1200) { semaphore 'PAUSE' }");
        set(settings -> settings.setVariable("1 bad"));

        for (int i = 0; i < 5; i++) {
            pass(Duration.ofMinutes(5));
            await().until(() -> Renewals.get().isIdle());
        }

        assertThat(BuildTokens.of(build.run()).orElseThrow().getTokens())
                .filteredOn(TokenRecord::isCurrent)
                .singleElement()
                .matches(token -> !token.isDead(clock.instant()));
        build.goOn(Result.SUCCESS);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    private String host() {
        return ApiAddress.parse(qwiet.address()).hostAndPort();
    }
}
