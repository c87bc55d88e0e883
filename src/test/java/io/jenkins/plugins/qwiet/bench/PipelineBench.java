package io.jenkins.plugins.qwiet.bench;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Many blocks with a token in one build, beside as many with a secret text, by turns in one Jenkins. */
@WithJenkins
class PipelineBench {
    private static final boolean QUICK = Boolean.getBoolean("bench.quick");
    private static final int BLOCKS = QUICK ? 100 : 500;
    private static final int ROUNDS = QUICK ? 1 : 5;
    private static final String SCRIPT = "for (int i = 0; i < " + BLOCKS + "; i++) {\n%s {\n}\n}";

    @Test
    void row(JenkinsRule jenkins) throws Exception {
        try (var qwiet = QwietProcess.start(0, 0)) {
            QwietAccount.set(qwiet.address(), qwiet.organization(), qwiet.serviceAccount());
            var text =
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, "text", null, Secret.fromString("s3cr3t text"));
            SystemCredentialsProvider.getInstance().getCredentials().add(text);
            WorkflowJob ours = job(jenkins, "ours", "withQwietCiToken(label: 'bench')");
            WorkflowJob peer =
                    job(jenkins, "peer", "withCredentials([string(credentialsId: 'text', variable: 'TEXT')])");

            // For the compiler.
            millis(jenkins, ours);
            millis(jenkins, peer);
            List<Double> oursMillis = new ArrayList<>();
            List<Double> peerMillis = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                if (i % 2 == 0) {
                    oursMillis.add(millis(jenkins, ours));
                    peerMillis.add(millis(jenkins, peer));
                } else {
                    peerMillis.add(millis(jenkins, peer));
                    oursMillis.add(millis(jenkins, ours));
                }
            }
            new Figure(
                            "pipeline: " + BLOCKS + " withQwietCiToken beside withCredentials",
                            "ms",
                            array(oursMillis),
                            array(peerMillis))
                    .timesPeerAtMost(1.5);
        }
    }

    private static WorkflowJob job(JenkinsRule jenkins, String name, String step) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(String.format(SCRIPT, step), true));
        return job;
    }

    private static double millis(JenkinsRule jenkins, WorkflowJob job) throws Exception {
        return jenkins.buildAndAssertSuccess(job).getDuration();
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
