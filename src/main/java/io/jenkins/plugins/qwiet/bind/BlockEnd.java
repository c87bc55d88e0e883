package io.jenkins.plugins.qwiet.bind;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Gives a block's token back however the block ended, and only then lets the Pipeline go on. */
final class BlockEnd extends BodyExecutionCallback {
    /** What Qwiet does not answer by then is the janitor's; a Pipeline does not wait for an outage to end. */
    private static final long LONGEST_WAIT_SECONDS = 15;

    private static final long LONGEST_SAVE_SECONDS = 5;

    @Serial
    private static final long serialVersionUID = 1;

    private final String nonce;
    private boolean begun;
    private boolean over;
    private Object result;
    private Throwable failure;
    private transient boolean ending;
    /** Whether Pipeline has written, since this process began, that the block is over. */
    private transient volatile boolean written;

    BlockEnd(@NonNull String nonce) {
        this.nonce = nonce;
    }

    /** Called in the thread that also saves the Pipeline, so what is saved is true. */
    @Override
    public void onStart(StepContext context) {
        begun = true;
    }

    @Override
    public void onSuccess(StepContext context, Object bodyResult) {
        over = true;
        result = bodyResult;
        end(context);
    }

    @Override
    public void onFailure(StepContext context, Throwable bodyFailure) {
        over = true;
        failure = bodyFailure;
        end(context);
    }

    /** Jenkins restarted. If that was between the block's end and the Pipeline's going on, it goes on now. */
    void resume(StepContext context) {
        if (over) {
            end(context);
        }
    }

    boolean hasBlockBegun() {
        return begun;
    }

    boolean isEnding() {
        return ending;
    }

    private void end(StepContext context) {
        ending = true;
        saved(context)
                .thenCompose(done -> giveBack(context))
                .completeOnTimeout(null, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, problem) -> {
                    ending = false;
                    if (failure == null) {
                        context.onSuccess(result);
                    } else {
                        context.onFailure(failure);
                    }
                });
    }

    /**
     * Pipeline saves that the block is over when it finds time: mostly at once, but while other branches are at work, it
     * may take a while. If Jenkins died meanwhile, it would resume within the block; so until then the token must be
     * good.
     */
    private CompletableFuture<Void> saved(StepContext context) {
        return turn(context)
                .thenCompose(turn -> written ? CompletableFuture.completedFuture(null) : when(context.saveState()))
                .completeOnTimeout(null, LONGEST_SAVE_SECONDS, TimeUnit.SECONDS);
    }

    /** Completes when Pipeline's one thread is through with what it does now, which is where it saves by itself. */
    private static CompletableFuture<Void> turn(StepContext context) {
        try {
            return when(context.get(FlowExecution.class).getCurrentExecutions(true));
        } catch (IOException | InterruptedException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static CompletableFuture<Void> when(ListenableFuture<?> future) {
        var done = new CompletableFuture<Void>();
        future.addListener(() -> done.complete(null), JenkinsLeases.get().fileWork());
        return done;
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        written = over;
    }

    private CompletableFuture<Void> giveBack(StepContext context) {
        try {
            return new TokenRevoker(context.get(Run.class), context.get(TaskListener.class)).giveBack(nonce);
        } catch (IOException | InterruptedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
