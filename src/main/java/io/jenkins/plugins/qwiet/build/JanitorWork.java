package io.jenkins.plugins.qwiet.build;

import hudson.AbortException;
import hudson.Extension;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.lease.Janitor.Sweep;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Lets the janitor sweep: when Jenkins has started, and every minute. */
@Extension
public class JanitorWork extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(JanitorWork.class.getName());
    private static final long LONGEST_SWEEP_MINUTES = 10;

    public JanitorWork() {
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
        sweep();
    }

    /** Credentials and jobs are there by then. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void atStart() {
        // Doing it here would hold up the start.
        OpenLeases.get().fileWork().execute(() -> {
            try {
                OpenLeases.get().janitor().sweep();
            } catch (AbortException e) {
                LOGGER.log(Level.WARNING, e.getMessage());
            }
        });
    }

    private static void sweep() throws InterruptedException {
        try {
            Sweep sweep = OpenLeases.get().janitor().sweep().get(LONGEST_SWEEP_MINUTES, TimeUnit.MINUTES);
            LOGGER.log(Level.FINE, "{0}", sweep);
        } catch (AbortException e) {
            LOGGER.log(Level.WARNING, e.getMessage());
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.log(Level.WARNING, "The janitor could not finish", e);
        }
    }
}
