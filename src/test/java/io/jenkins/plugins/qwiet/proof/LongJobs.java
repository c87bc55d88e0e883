package io.jenkins.plugins.qwiet.proof;

import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.jvnet.hudson.test.JenkinsRule;

/** The work of the Jenkins of {@link LongProof}: builds that outlive many of their tokens. Runs in that process. */
final class LongJobs {
    private static final int VALID_FOR = 60;
    private static final int EXECUTORS = 4;
    /** Of the log of a build that failed. */
    private static final int LAST_LINES = 20;

    private static final String USE = """
            @NonCPS
            void ask(String token) {
                try {
                    def call = new URL('ADDRESS/orgs/ORGANIZATION/my_scopes').openConnection()
                    call.connectTimeout = 5000
                    call.readTimeout = 5000
                    call.setRequestProperty('Authorization', 'Bearer ' + token)
                    call.responseCode
                } catch (IOException e) {
                    // Qwiet is out.
                }
            }
            @NonCPS
            boolean goesOn() { !new File('STOP').exists() }
            """;

    private static final Map<String, String> PIPELINES = Map.of(
            "block", """
                    withQwietCiToken(label: 'block', validFor: VALID) {
                        while (goesOn()) { sleep 2; ask(env.SHIFTLEFT_ACCESS_TOKEN) }
                    }
                    """,
            "rest", """
                    qwietCiToken(label: 'rest', validFor: VALID)
                    while (goesOn()) { sleep 2; ask(env.SHIFTLEFT_ACCESS_TOKEN) }
                    """,
            "branches", """
                    withQwietCiToken(label: 'both', validFor: VALID) {
                        parallel a: {
                            while (goesOn()) { sleep 3; ask(env.SHIFTLEFT_ACCESS_TOKEN) }
                        }, b: {
                            while (goesOn()) {
                                withQwietCiToken(label: 'short', variable: 'SHORT', validFor: VALID) {
                                    sleep 3
                                    ask(env.SHORT)
                                    ask(env.SHIFTLEFT_ACCESS_TOKEN)
                                }
                            }
                        }
                    }
                    """,
            "asks", """
                    qwietCiToken(label: 'asks', validFor: VALID)
                    while (goesOn()) { input 'On?'; ask(env.SHIFTLEFT_ACCESS_TOKEN) }
                    """);

    private LongJobs() {}

    static void create(JenkinsRule r, String address, String orgId, String token, String stop) throws Exception {
        QwietAccount.set(address, orgId, token);
        r.jenkins.setNumExecutors(EXECUTORS);
        String use =
                USE.replace("ADDRESS", address).replace("ORGANIZATION", orgId).replace("STOP", stop);
        for (var pipeline : PIPELINES.entrySet()) {
            r.createProject(WorkflowJob.class, pipeline.getKey())
                    .setDefinition(new CpsFlowDefinition(
                            use + pipeline.getValue().replace("VALID", String.valueOf(VALID_FOR)), false));
        }
        FreeStyleProject freestyle = r.createFreeStyleProject("freestyle");
        var builder = new QwietTokenBuilder("freestyle");
        builder.setValidFor(VALID_FOR);
        freestyle.getBuildersList().add(builder);
        for (int i = 0; i < 30; i++) {
            freestyle
                    .getBuildersList()
                    .add(new Shell("set +x; [ -e " + stop + " ] || { sleep 3; curl -s -o /dev/null -H"
                            + " \"Authorization: Bearer $SHIFTLEFT_ACCESS_TOKEN\" " + address + "/orgs/" + orgId
                            + "/my_scopes || true; }"));
        }
    }

    /** Builds that failed, which none has a reason to do, with the ends of their logs. */
    static ArrayList<String> failed(JenkinsRule r) throws IOException {
        var failed = new ArrayList<String>();
        for (Job<?, ?> job : Jenkins.get().getAllItems(Job.class)) {
            for (Run<?, ?> run : job.getBuilds()) {
                if (run.getResult() == Result.FAILURE) {
                    failed.add(run.getFullDisplayName() + ": " + String.join("\n  ", run.getLog(LAST_LINES)));
                }
            }
        }
        return failed;
    }

    /** Each job has one build that goes on. */
    static void keepBuilding(JenkinsRule r) {
        for (Job<?, ?> job : Jenkins.get().getAllItems(Job.class)) {
            Run<?, ?> last = job.getLastBuild();
            if (last == null || !last.isBuilding()) {
                ParameterizedJobMixIn.scheduleBuild2(job, 0);
            }
        }
    }

    /** Somebody comes and says yes. */
    static void answer(JenkinsRule r) throws Exception {
        for (WorkflowJob job : Jenkins.get().getAllItems(WorkflowJob.class)) {
            var last = job.getLastBuild();
            InputAction asked = last == null ? null : last.getAction(InputAction.class);
            if (asked != null) {
                for (InputStepExecution input : asked.getExecutions()) {
                    input.proceed(null);
                }
            }
        }
    }
}
