package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TaskListener;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.Pages;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.TestNotifier;

/** The build step "Create a Qwiet CI token". */
class FreestyleTest extends OnJenkins {
    private static final String VARIABLE = "SHIFTLEFT_ACCESS_TOKEN";

    /** What each of those that ran in a build saw as the token. */
    private static final Map<String, String> SEEN = new ConcurrentHashMap<>();

    private static FreeStyleProject project(QwietTokenBuilder builder) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject(newName());
        project.getBuildersList().add(builder);
        return project;
    }

    private static boolean see(String who, AbstractBuild<?, ?> build, TaskListener log)
            throws IOException, InterruptedException {
        String value = build.getEnvironment(log).get(VARIABLE);
        SEEN.put(build.getExternalizableId() + " " + who, String.valueOf(value));
        log.getLogger().println(who + " sees " + value);
        assertNotOnDisk(build, String.valueOf(value));
        return true;
    }

    private static TestBuilder step(String who) {
        return new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener log)
                    throws InterruptedException, IOException {
                return see(who, build, log);
            }
        };
    }

    private static TestNotifier publisher() {
        return new TestNotifier() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener log)
                    throws InterruptedException, IOException {
                return see("publisher", build, log);
            }
        };
    }

    /** Looks when it is torn down. */
    public static class Wrapper extends BuildWrapper {
        @Override
        @SuppressWarnings("rawtypes")
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener log) {
            return new Environment() {
                @Override
                public boolean tearDown(AbstractBuild torn, BuildListener log)
                        throws IOException, InterruptedException {
                    return see("wrapper", torn, log);
                }
            };
        }

        /** None, but there has to be one. */
        @TestExtension
        public static class DescriptorImpl extends BuildWrapperDescriptor {
            @Override
            public boolean isApplicable(AbstractProject<?, ?> item) {
                return true;
            }
        }
    }

    @Test
    void everythingThatComesLaterSeesTheTokenAndNoFileDoes() throws Exception {
        var builder = new QwietTokenBuilder("${WHAT} of #${BUILD_NUMBER}");
        builder.setDescription("for ${WHAT}");
        FreeStyleProject project = project(builder);
        project.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("WHAT", "scan")));
        project.getBuildersList().add(new Shell("echo \"shell sees $" + VARIABLE + " of $SHIFTLEFT_ORG_ID\""));
        project.getBuildersList().add(step("step"));
        project.getBuildWrappersList().add(new Wrapper());
        project.getPublishersList().add(publisher());

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        String value = valueOf("scan of #1");
        assertThat(SEEN)
                .containsEntry(build.getExternalizableId() + " step", value)
                .containsEntry(build.getExternalizableId() + " wrapper", value)
                .containsEntry(build.getExternalizableId() + " publisher", value);
        jenkins.assertLogContains("Qwiet: created CI token \"scan of #1\"", build);
        jenkins.assertLogContains("shell sees **** of " + qwiet.organization().id(), build);
        jenkins.assertLogContains("step sees ****", build);
        jenkins.assertLogContains("wrapper sees ****", build);
        jenkins.assertLogContains("publisher sees ****", build);
        jenkins.assertLogContains("Qwiet: revoked CI token \"scan of #1\"", build);
        assertThat(qwiet.requests())
                .anySatisfy(request -> assertThat(request.body()).contains("for scan"));
        assertThat(build.getEnvironment(TaskListener.NULL)).doesNotContainKey(VARIABLE);
        assertNotOnDisk(build, value);
    }

    @Test
    void theNewerTokenWinsAndTheOlderIsRevoked() throws Exception {
        FreeStyleProject project = project(new QwietTokenBuilder("older"));
        project.getBuildersList().add(step("first"));
        project.getBuildersList().add(new QwietTokenBuilder("newer"));
        project.getBuildersList().add(step("second"));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        assertThat(SEEN)
                .containsEntry(build.getExternalizableId() + " first", valueOf("older"))
                .containsEntry(build.getExternalizableId() + " second", valueOf("newer"));
        jenkins.assertLogContains("Qwiet: revoked CI token \"older\"", build);
        jenkins.assertLogContains("Qwiet: revoked CI token \"newer\"", build);
    }

    @Test
    void concurrentBuildsNeverSeeEachOthersToken() throws Exception {
        FreeStyleProject project = project(new QwietTokenBuilder(null));
        project.setConcurrentBuild(true);
        project.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("N", "")));
        var together = new CyclicBarrier(2);
        project.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener log)
                    throws IOException, InterruptedException {
                try {
                    together.await(60, TimeUnit.SECONDS);
                } catch (BrokenBarrierException | TimeoutException e) {
                    throw new IOException(e);
                }
                return see("step", build, log);
            }
        });
        var one = project.scheduleBuild2(0, new ParametersAction(new StringParameterValue("N", "1")));
        var two = project.scheduleBuild2(0, new ParametersAction(new StringParameterValue("N", "2")));
        jenkins.assertBuildStatusSuccess(one.get());
        jenkins.assertBuildStatusSuccess(two.get());

        for (FreeStyleBuild build : project.getBuilds()) {
            assertThat(SEEN).containsEntry(build.getExternalizableId() + " step", valueOf(build.getFullDisplayName()));
        }
        assertThat(valueOf(project.getName() + " #1")).isNotEqualTo(valueOf(project.getName() + " #2"));
    }

    @Test
    void failsInWordsAndRevokesWhenTheBuildFails() throws Exception {
        qwiet.fault(Fault.status(Operation.CREATE, 401, "UNAUTHORIZED", "who are you"));
        FreeStyleProject project = project(new QwietTokenBuilder("x"));
        project.getBuildersList().add(new Shell("exit 1"));

        FreeStyleBuild refused = jenkins.buildAndAssertStatus(Result.FAILURE, project);
        FreeStyleBuild failed = jenkins.buildAndAssertStatus(Result.FAILURE, project);

        jenkins.assertLogContains("ERROR: Qwiet refused to create a CI token. HTTP 401", refused);
        jenkins.assertLogNotContains("at io.jenkins", refused);
        jenkins.assertLogContains("Qwiet: revoked CI token \"x\"", failed);
    }

    @Test
    void abortingCancelsTheMint() throws Exception {
        Hold hold = qwiet.hold(Operation.CREATE);
        var build = project(new QwietTokenBuilder("x")).scheduleBuild2(0).waitForStart();
        hold.awaitArrived(Duration.ofSeconds(30));

        build.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        arrives(hold);
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void revokesWhenTheBuildIsAborted() throws Exception {
        FreeStyleProject project = project(new QwietTokenBuilder("x"));
        project.getBuildersList().add(new Shell("echo up; sleep 600"));
        var build = project.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("up", build);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);

        build.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("Qwiet: revoked CI token \"x\"", build);
    }

    @Test
    void worksOnAnAgent() throws Exception {
        FreeStyleProject project = project(new QwietTokenBuilder("agent"));
        project.setAssignedNode(jenkins.createOnlineSlave());
        project.getBuildersList().add(new Shell("set -x; echo \"there: $" + VARIABLE + "\""));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        jenkins.assertLogContains("there: ****", build);
        jenkins.assertLogNotContains(valueOf("agent"), build);
    }

    @Test
    void isNotShownByPagesOrRestWhileTheBuildRuns() throws Exception {
        FreeStyleProject project = project(new QwietTokenBuilder("shown"));
        var pages = new ConcurrentHashMap<String, String>();
        project.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener log)
                    throws IOException, InterruptedException {
                see("step", build, log);
                pages.putAll(Pages.of(jenkins, build));
                return true;
            }
        });

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);
        pages.putAll(Pages.of(jenkins, build));

        assertThat(pages.values())
                .hasSizeGreaterThan(5)
                .allSatisfy(page -> assertThat(page).doesNotContain(valueOf("shown")));
    }

    @Test
    void theFormKeepsEverything() throws Exception {
        var builder = new QwietTokenBuilder("a label");
        builder.setDescription("a description");
        builder.setCredentialsId("sa");
        builder.setOrgId(qwiet.organization().id());
        builder.setVariable("A");
        builder.setOrgVariable("B");
        builder.setValidFor(120);
        FreeStyleProject project = project(builder);

        jenkins.configRoundtrip((Item) project);

        jenkins.assertEqualDataBoundBeans(builder, project.getBuildersList().get(QwietTokenBuilder.class));
    }

    @Test
    void goingBackToTheGlobalAccountTakesOneChoice() throws Exception {
        var builder = new QwietTokenBuilder("a label");
        builder.setCredentialsId("sa");
        FreeStyleProject project = project(builder);

        try (var client = jenkins.createWebClient()) {
            var form = client.getPage(project, "configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            var choice = form.getSelectByName("_.credentialsId");
            choice.setSelectedAttribute(choice.getOption(0), true);
            client.waitForBackgroundJavaScript(10_000);
            jenkins.submit(form);
        }

        assertThat(project.getBuildersList().get(QwietTokenBuilder.class).getCredentialsId())
                .isNull();
    }
}
