package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.util.LogTaskListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Revokes a build's tokens when it is complete, or deleted. Before other listeners of a build's end, which need no token.
 */
@Extension(ordinal = 1000)
public class EndOfBuild extends RunListener<Run<?, ?>> {
    /** Jenkins revokes as a build ends: what is gone so soon after the time that is its end did not outlive it. */
    public static final Duration AT_THE_END = Duration.ofSeconds(5);

    private static final Logger LOGGER = Logger.getLogger(EndOfBuild.class.getName());

    /**
     * The calls run on threads of their own; this is only so that their outcome still stands in the log, which is
     * closed after this. What is not done by then is done all the same, or by the janitor.
     */
    private static final long LONGEST_WAIT_MILLIS = 2000;

    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
        var tokens = run.getAction(BuildTokens.class);
        if (tokens == null) {
            return;
        }
        save(run);
        try {
            revokeAll(run, log, () -> log.getLogger().println(Messages.EndOfBuild_goesOn()));
            await(run, tokens.leave(), () -> LOGGER.log(Level.FINE, "Builds that {0} started are saved later", run));
        } finally {
            tokens.forgetValues();
        }
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        BuildTokens.of(run).ifPresent(BuildTokens::printsNoMore);
    }

    /** What is over must be over on disk first, or a crash could resume a Pipeline whose tokens are gone. */
    private static void save(Run<?, ?> run) {
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save " + run);
        }
    }

    /** Revokes first, then lets Jenkins delete; after a short while also if that is still going on. */
    @Override
    public void onDeleted(Run<?, ?> run) {
        if (run.getAction(BuildTokens.class) != null) {
            revokeAll(
                    run,
                    new LogTaskListener(LOGGER, Level.FINE),
                    () -> LOGGER.log(Level.FINE, "{0} is deleted before its tokens are revoked; that goes on", run));
        }
    }

    private static void revokeAll(Run<?, ?> run, TaskListener log, Runnable ifItGoesOn) {
        await(run, new TokenRevoker(run, log).revokeAll(), ifItGoesOn);
    }

    private static void await(Run<?, ?> run, CompletableFuture<Void> work, Runnable ifItGoesOn) {
        try {
            work.get(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            ifItGoesOn.run();
        } catch (ExecutionException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not end the tokens of " + run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
