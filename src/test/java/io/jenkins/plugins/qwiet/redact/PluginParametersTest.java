package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.model.BooleanParameterValue;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.RunParameterValue;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A token that is handed on in a parameter of a plugin's own kind. */
class PluginParametersTest extends OnJenkins {
    /** Such as those of File Parameters or NodeLabel: neither a text nor a password. */
    public static class OfAPlugin extends ParameterValue {
        private final String content;
        private transient int asked;

        OfAPlugin(String name, String content) {
            super(name);
            this.content = content;
        }

        @Override
        public void buildEnvironment(Run<?, ?> build, EnvVars env) {
            asked++;
            env.put(name, content);
        }
    }

    /** Keeps something else than it gives to the build. */
    public static class Unpacked extends OfAPlugin {
        Unpacked(String name, String content) {
            super(name, Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_16)));
        }

        @Override
        public void buildEnvironment(Run<?, ?> build, EnvVars env) {
            env.put(name, new String(Base64.getDecoder().decode(super.content), StandardCharsets.UTF_16));
        }
    }

    /** A text that gives another text besides. */
    public static class Text extends StringParameterValue {
        private final String other;

        Text(String name, String other) {
            super(name, "harmless");
            this.other = other;
        }

        @Override
        public void buildEnvironment(Run<?, ?> build, EnvVars env) {
            env.put(name, other);
        }
    }

    /** A yes or no that says more. */
    public static class YesOrNo extends BooleanParameterValue {
        private final String reason;

        YesOrNo(String name, String reason) {
            super(name, true);
            this.reason = reason;
        }

        @Override
        public void buildEnvironment(Run<?, ?> build, EnvVars env) {
            env.put(name, reason);
        }
    }

    /** A build with words about it. */
    public static class OfABuild extends RunParameterValue {
        private final String comment;

        OfABuild(String name, Run<?, ?> build, String comment) {
            super(name, build.getExternalizableId());
            this.comment = comment;
        }

        @Override
        public void buildEnvironment(Run<?, ?> build, EnvVars env) {
            super.buildEnvironment(build, env);
            env.put(name, comment);
        }
    }

    /** Says in one list what it keeps from the other, as that of a matrix' cells does. */
    public static class InOneList extends ParametersAction {
        private final List<ParameterValue> given;

        InOneList(ParameterValue... given) {
            this.given = List.of(given);
        }

        @Override
        public List<ParameterValue> getParameters() {
            return given;
        }
    }

    public static class Throwing extends ParameterValue {
        Throwing(String name) {
            super(name);
        }

        @Override
        public Object getValue() {
            throw new IllegalStateException("no value");
        }

        @Override
        public void buildEnvironment(Run<?, ?> build, EnvVars env) {
            if (build.getParent() instanceof WorkflowJob) {
                throw new IllegalStateException("not for Pipelines");
            }
        }
    }

    public static class Definition extends ParameterDefinition {
        Definition(String name) {
            super(name);
        }

        @Override
        public ParameterValue createValue(org.kohsuke.stapler.StaplerRequest2 request) {
            return null;
        }

        @Override
        public ParameterValue createValue(
                org.kohsuke.stapler.StaplerRequest2 request, net.sf.json.JSONObject parameters) {
            return null;
        }
    }

    @Test
    void hidesInAPipelineWhatItIsGiven() throws Exception {
        Paused upstream = paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
        String value = token("handed").value();
        Run<?, ?> tokenless = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject(newName()));
        WorkflowJob down = job("node { sh 'set +x; echo \"got <$GIVEN>\"' }");
        down.addProperty(new ParametersDefinitionProperty(new Definition("GIVEN")));

        for (ParameterValue given : new ParameterValue[] {
            new OfAPlugin("GIVEN", value),
            new Unpacked("GIVEN", value),
            new Text("GIVEN", "Bearer " + value),
            new YesOrNo("GIVEN", value),
            new OfABuild("GIVEN", tokenless, value)
        }) {
            WorkflowRun run = jenkins.assertBuildStatusSuccess(down.scheduleBuild2(0, new ParametersAction(given)));

            assertHidden(run, value);
        }
        upstream.goOn(Result.SUCCESS);
    }

    @Test
    void hidesInAFreestyleBuildWhatItIsGiven() throws Exception {
        Paused upstream = paused("withQwietCiToken(label: 'handed') { semaphore 'PAUSE' }");
        String value = token("handed").value();
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        down.addProperty(new ParametersDefinitionProperty(new Definition("GIVEN")));
        down.getBuildersList().add(new Shell("set +x; echo \"got <$GIVEN>\""));

        FreeStyleBuild run = jenkins.assertBuildStatusSuccess(
                Objects.requireNonNull(down.scheduleBuild2(0, new ParametersAction(new OfAPlugin("GIVEN", value)))));

        assertHidden(run, value);
        upstream.goOn(Result.SUCCESS);
    }

    @Test
    void encryptsInTheQueueATextOfWhicheverList() throws Exception {
        Paused upstream = paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
        String value = token("handed").value();
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        down.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        var waiting = Objects.requireNonNull(
                down.scheduleBuild2(3600, new InOneList(new StringParameterValue("GIVEN", value))));

        var item = jenkins.jenkins.getQueue().getItem(down);
        assertThat(item.getParams()).contains("GIVEN=****").doesNotContain(value);
        assertThat(Queue.XSTREAM.toXML(item)).doesNotContain(value);
        assertThat(item.getAction(ParametersAction.class).getParameters())
                .singleElement()
                .extracting(ParameterValue::getValue)
                .isEqualTo(value);
        waiting.cancel(true);
        upstream.goOn(Result.SUCCESS);
    }

    /** A look costs what the plugin does: most builds have nothing to do with tokens. */
    @Test
    void asksNoneBeforeItLooksAndThenEachOnce() throws Exception {
        var given = new OfAPlugin("GIVEN", "content");
        WorkflowJob down = job("echo 'hello'");
        down.addProperty(new ParametersDefinitionProperty(new Definition("GIVEN")));
        WorkflowRun run = jenkins.assertBuildStatusSuccess(down.scheduleBuild2(0, new ParametersAction(given)));
        int asked = given.asked;

        GivenParameters parameters = GivenParameters.of(run);
        assertThat(parameters.areSame(GivenParameters.of(run))).isTrue();
        assertThat(given.asked).isEqualTo(asked);

        assertThat(parameters.texts()).contains("content").isEqualTo(parameters.texts());
        assertThat(given.asked).isEqualTo(asked + 1);
    }

    @Test
    void oneThatThrowsHoldsNothingUp() throws Exception {
        Paused upstream = paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
        String value = token("handed").value();
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        down.addProperty(new ParametersDefinitionProperty(new Definition("GIVEN"), new Definition("BAD")));
        down.getBuildersList().add(new Shell("set +x; echo \"got <$GIVEN>\""));

        FreeStyleBuild run = jenkins.assertBuildStatusSuccess(Objects.requireNonNull(
                down.scheduleBuild2(0, new ParametersAction(new Throwing("BAD"), new OfAPlugin("GIVEN", value)))));

        assertHidden(run, value);
        upstream.goOn(Result.SUCCESS);
    }

    private static void assertHidden(Run<?, ?> run, String value) throws Exception {
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("got <");
        assertThat(new Leaks(value).in(log)).as("token in the log").isFalse();
        assertNotOnDisk(run, signature(value));
    }

    /** A text of a plugin, of which a build gets something besides. */
    public static class WithLength extends StringParameterValue {
        WithLength(String name, String value) {
            super(name, value);
        }

        @Override
        public void buildEnvironment(Run<?, ?> build, EnvVars env) {
            super.buildEnvironment(build, env);
            env.put(name + "_LENGTH", String.valueOf(getValue().length()));
        }
    }

    @Test
    void aTextOfAPluginGivesWhatItGaveBefore() throws Exception {
        Paused holder = paused("qwietCiToken(label: 'unit'); semaphore 'PAUSE'");
        String value = token("unit").value();
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        down.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("GIVEN", ""), new StringParameterDefinition("OTHER", "")));
        down.getBuildersList().add(new Shell("set +x; echo \"got <$GIVEN> <$GIVEN_LENGTH> <$OTHER_LENGTH>\""));
        FreeStyleBuild run = jenkins.assertBuildStatusSuccess(Objects.requireNonNull(down.scheduleBuild2(
                0, new ParametersAction(new WithLength("GIVEN", value), new WithLength("OTHER", "abc")))));
        holder.goOn(Result.SUCCESS);
        assertThat(new Leaks(value).in(JenkinsRule.getLog(run))).isFalse();
        jenkins.assertLogContains("got <****> <" + value.length() + "> <3>", run);
    }
}
