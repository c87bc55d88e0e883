package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;

/**
 * Lets a Pipeline go on after a restart only when its token is alive, if that died while Jenkins was down. Holds the
 * Pipeline, no thread; and not for long: if Qwiet cannot be reached, it goes on without.
 */
@OptionalExtension(requirePlugins = "workflow-cps")
public class AfterRestart extends FlowExecutionListener {
    private static final Logger LOGGER = Logger.getLogger(AfterRestart.class.getName());
    private static final long LONGEST_WAIT_SECONDS = 20;

    @Override
    public void onResumed(@NonNull FlowExecution execution) {
        try {
            if (!(execution instanceof CpsFlowExecution pipeline)
                    || !(execution.getOwner().getExecutable() instanceof Run<?, ?> run)) {
                return;
            }
            BuildTokens tokens = BuildTokens.of(run).orElse(null);
            if (tokens == null || !Renewals.get().isDue(tokens)) {
                return;
            }
            pause(pipeline, true);
            // Not on this thread: it may be the one that starts Jenkins, without which nothing can be looked up.
            whenJenkinsIsUp(() -> Renewals.get()
                    .renewed(tokens)
                    .completeOnTimeout(null, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((done, problem) -> pause(pipeline, false)));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not look at the tokens of " + execution);
        }
    }

    private static void whenJenkinsIsUp(Runnable work) {
        if (Jenkins.get().getInitLevel() == hudson.init.InitMilestone.COMPLETED) {
            work.run();
        } else {
            jenkins.util.Timer.get().schedule(() -> whenJenkinsIsUp(work), 200, TimeUnit.MILLISECONDS);
        }
    }

    private static void pause(CpsFlowExecution pipeline, boolean on) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            pipeline.pause(on);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not hold or release " + pipeline);
        }
    }
}
