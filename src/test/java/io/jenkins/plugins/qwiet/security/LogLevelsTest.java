package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Functions;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OwnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Somebody who looks for a fault sets each logger to ALL, and sends the log around. */
@OwnJenkins
class LogLevelsTest {
    private static final List<String> LOUD = List.of(
            "io.jenkins.plugins.qwiet",
            "okhttp3",
            "okio",
            "com.fasterxml.jackson",
            "com.cloudbees.plugins.credentials",
            "org.jenkinsci.plugins.credentialsbinding",
            "org.jenkinsci.plugins.workflow.steps",
            "org.jenkinsci.plugins.workflow.job",
            "jenkins.util");

    @Test
    void noLogLineHasATokenInIt(JenkinsRule jenkins) throws Exception {
        var tape = new Tape();
        var loggers = LOUD.stream().map(Logger::getLogger).toList();
        loggers.forEach(logger -> {
            logger.setLevel(Level.ALL);
            logger.addHandler(tape);
        });
        try (var qwiet = FakeQwiet.start()) {
            QwietAccount.set(qwiet);
            var secrets = new ArrayList<>(List.of(qwiet.organization().serviceAccount()));
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
            job.setDefinition(new CpsFlowDefinition("""
                    node {
                        qwietCiToken(label: 'a')
                        withQwietCiToken(label: 'b', variable: 'B') {
                            withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'c', variable: 'C')]) {
                                sh 'echo $SHIFTLEFT_ACCESS_TOKEN $B $C'
                                semaphore 'loud'
                            }
                        }
                        catchError(buildResult: 'SUCCESS') { qwietCiToken(label: 'refused', variable: 'D') }
                        catchError(buildResult: 'SUCCESS') { qwietCiToken(label: 'cut', variable: 'E') }
                    }
                    """, true));
            var run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("loud/1", run);
            qwiet.organization().liveTokens().stream().map(FakeToken::value).forEach(secrets::add);
            assertThat(secrets).hasSize(4);
            qwiet.fault(Fault.status(Operation.DELETE, 500, "BROKEN", "broken"));
            qwiet.fault(Fault.status(
                    Operation.CREATE, 400, "BAD", "not " + qwiet.organization().serviceAccount()));
            qwiet.fault(Fault.cutDuringBody(Operation.CREATE));
            SemaphoreStep.success("loud/1", null);
            jenkins.waitForCompletion(run);

            assertThat(tape.lines)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(line -> assertThat(line).doesNotContain(secrets.toArray(new String[0])));
            assertThat(JenkinsRule.getLog(run)).doesNotContain(secrets.toArray(new String[0]));
        } finally {
            loggers.forEach(logger -> {
                logger.removeHandler(tape);
                logger.setLevel(null);
            });
        }
    }

    /** Keeps each record as it would be printed, its arguments and its exception included. */
    private static final class Tape extends Handler {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final SimpleFormatter formatter = new SimpleFormatter();

        Tape() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord each) {
            var line = new StringBuilder(formatter.formatMessage(each));
            if (each.getThrown() != null) {
                line.append(Functions.printThrowable(each.getThrown()));
            }
            if (each.getParameters() != null) {
                for (Object parameter : each.getParameters()) {
                    line.append(' ').append(parameter);
                }
            }
            lines.add(line.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
