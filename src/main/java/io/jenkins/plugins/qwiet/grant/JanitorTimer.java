package io.jenkins.plugins.qwiet.grant;

import hudson.AbortException;
import hudson.Extension;
import hudson.init.InitMilestone;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Janitor.Sweep;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/** Lets the janitor sweep: when Jenkins has started, and every minute. */
@Extension
public class JanitorTimer extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(JanitorTimer.class.getName());
    // Less than the minute between two: the next one lets this one go on without the look-ups that hang.
    private static final long LONGEST_WAIT_SECONDS = 50;

    public JanitorTimer() {
        super("Qwiet CI token janitor");
    }

    @Override
    public long getRecurrencePeriod() {
        return MIN;
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected Level getSlowLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) throws InterruptedException {
        // Before all jobs are there, every build would seem to be gone.
        if (Jenkins.get().getInitLevel() == InitMilestone.COMPLETED
                && !Jenkins.get().isTerminating()) {
            sweep();
        }
    }

    /** Sweeps when Jenkins has started. Doing it in that thread would hold up the start. */
    @Extension
    public static class AtStart extends ItemListener {
        /** Credentials, jobs and running Pipelines are there by then. */
        @Override
        public void onLoaded() {
            JenkinsLeases.get().threads().execute(() -> {
                try {
                    JenkinsLeases.get().janitor().sweep();
                } catch (AbortException e) {
                    LOGGER.log(Level.WARNING, e.getMessage());
                }
            });
        }
    }

    private static void sweep() throws InterruptedException {
        try {
            Sweep sweep = JenkinsLeases.get().janitor().sweep().get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            LOGGER.log(Level.FINE, "{0}", sweep);
            QwietConnections.get()
                    .keepOnly(JenkinsLeases.get().leasing().store().leases().stream()
                            .map(Lease::account)
                            .collect(Collectors.toSet()));
        } catch (AbortException e) {
            LOGGER.log(Level.WARNING, e.getMessage());
        } catch (TimeoutException e) {
            LOGGER.log(Level.FINE, "The janitor is still at it");
        } catch (ExecutionException e) {
            LOGGER.log(Level.WARNING, "The janitor could not finish", e);
        }
    }
}
