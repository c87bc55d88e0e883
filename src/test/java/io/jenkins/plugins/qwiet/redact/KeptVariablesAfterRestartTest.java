package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;

/** A Groovy variable with a token in it is encrypted, and the program has it again after a restart, whatever holds it. */
class KeptVariablesAfterRestartTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeQwiet qwiet = FakeQwiet.start();

    private static final List<String> EXPRESSIONS = List.of(
            "Collections.unmodifiableMap([a: env.T])",
            "new Properties().with { setProperty('a', env.T); it }",
            "new java.util.concurrent.ConcurrentHashMap([a: env.T])",
            "Arrays.asList('x', env.T)",
            "(env.T.split('[.]') as List)",
            "Arrays.asList(env.T.split('[.]'))",
            "new ArrayDeque([env.T])",
            "new TreeMap([(env.T): 'a'])",
            "new hudson.EnvVars(A: env.T)",
            "new java.util.concurrent.CopyOnWriteArrayList([env.T])",
            "new AbstractMap.SimpleEntry('a', env.T)",
            "new java.text.MessageFormat('Bearer ' + env.T)",
            "hudson.util.Secret.fromString(env.T)",
            "new URL('https://x.example/?t=' + env.T)",
            "new javax.security.auth.x500.X500Principal('CN=' + env.T)",
            "new org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable('string', null, [name: 'a', value: env.T])");

    @AfterEach
    void close() {
        qwiet.close();
    }

    @Test
    void noVariableIsInClearAndEachIsThereAfterwards() throws Throwable {
        var clear = new ArrayList<String>();
        var other = new LinkedHashMap<String, String>();
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            for (int i = 0; i < EXPRESSIONS.size(); i++) {
                String name = "x" + i;
                WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
                String expression = EXPRESSIONS.get(i);
                job.setDefinition(new CpsFlowDefinition(
                        "qwietCiToken(label: '" + name + "', variable: 'T'); def kept = " + expression + "; semaphore '"
                                + name + "'; def then = " + expression
                                + "; echo \"same: ${kept.toString() == then.toString()} ${kept == then} ${kept.getClass() == then.getClass()}\"",
                        false));
                WorkflowRun run = job.scheduleBuild2(0).waitForStart();
                SemaphoreStep.waitForStart(name + "/1", run);
                String value = qwiet.organization().liveTokens().stream()
                        .filter(token -> token.label().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .value();
                ((CpsFlowExecution) run.getExecution()).waitForSuspension();
                Path program = run.getRootDir().toPath().resolve("program.dat");
                String bytes =
                        Files.readString(program, StandardCharsets.ISO_8859_1).replace("\0", "");
                if (bytes.contains(OnJenkins.signature(value))) {
                    clear.add(expression);
                }
            }
        });
        session.then(jenkins -> {
            for (int i = 0; i < EXPRESSIONS.size(); i++) {
                String expression = EXPRESSIONS.get(i);
                SemaphoreStep.success("x" + i + "/1", null);
                WorkflowRun run = jenkins.jenkins
                        .getItemByFullName("x" + i, WorkflowJob.class)
                        .getBuildByNumber(1);
                String log = JenkinsRule.getLog(jenkins.waitForCompletion(run));
                if (!log.contains("same: true")) {
                    other.put(expression, log);
                }
            }
        });
        assertThat(clear).isEmpty();
        assertThat(other).isEmpty();
    }
}
