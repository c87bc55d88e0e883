package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.grant.IssuedToken;
import io.jenkins.plugins.qwiet.grant.RestOfBuild;
import io.jenkins.plugins.qwiet.grant.Shutdown;
import io.jenkins.plugins.qwiet.grant.TokenIssuer;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import java.io.IOException;
import java.io.Serial;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Mints a token while the Pipeline waits but no thread does; begins again if Jenkins restarts meanwhile. */
abstract class MintExecution extends StepExecution {
    @Serial
    private static final long serialVersionUID = 1;

    private final TokenRequest request;
    private transient volatile CompletableFuture<IssuedToken> minting;
    private transient boolean stopped;
    /** Whether there is a token. */
    private transient volatile boolean made;

    MintExecution(@NonNull StepContext context, @NonNull TokenRequest request) {
        super(context);
        this.request = request;
    }

    /** There is a token; called once, on a thread that may touch the disk. */
    abstract void minted(IssuedToken token) throws Exception;

    /**
     * Whether the Pipeline had taken over the token when its state was saved that is resumed now. That may be a while
     * before Jenkins went down, and a while after the token was made.
     */
    abstract boolean isTakenOver();

    @Override
    public final boolean start() throws Exception {
        mint();
        return false;
    }

    private void mint() throws IOException, InterruptedException {
        Run<?, ?> run = getContext().get(Run.class);
        var issuing = new TokenIssuer(run, log()).issue(request.in(getContext().get(FlowNode.class)));
        minting = issuing;
        issuing.whenComplete((token, problem) -> {
            if (token != null) {
                hand(token, run);
            } else if (!issuing.isCancelled()) {
                giveUnlessStopped(() -> getContext().onFailure(problem));
            }
        });
    }

    private void hand(IssuedToken token, Run<?, ?> run) {
        synchronized (this) {
            if (isUnwanted()) {
                revoke(token.nonce, run);
                return;
            }
            made = true;
        }
        try {
            minted(token);
        } catch (Exception e) {
            revoke(token.nonce, run);
            giveUnlessStopped(() -> getContext().onFailure(e));
        }
    }

    /**
     * Whether what is given now would reach no Pipeline that goes on: the step was aborted, or Jenkins goes down. A Pipeline
     * that is being stopped for that may break if it is told something, and {@link #onResume} begins anew.
     */
    private boolean isUnwanted() {
        return stopped || Shutdown.hasBegun();
    }

    /**
     * Whichever comes first counts, what the step gives, or an abort or the end of Jenkins; never half of each.
     *
     * @param giving tells Pipeline; returns at once
     * @return whether it was done; not if the step was aborted before, or Jenkins goes down
     */
    final synchronized boolean giveUnlessStopped(@NonNull Runnable giving) {
        boolean wanted = !isUnwanted();
        if (wanted) {
            giving.run();
        }
        return wanted;
    }

    /** Gives a token back; Pipeline may have gone on meanwhile, and the step have no log any more. */
    static void revoke(String unused, Run<?, ?> run) {
        TokenRevoker.inTheBackground(run).revoke(unused);
    }

    @NonNull
    final TaskListener log() throws IOException, InterruptedException {
        return getContext().get(TaskListener.class);
    }

    /** Ends the call to Qwiet at once. */
    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        synchronized (this) {
            stopped = true;
        }
        if (minting != null) {
            minting.cancel(true);
        }
        giveUp(cause);
    }

    /** Tells Pipeline that the step was aborted. */
    void giveUp(Throwable cause) throws Exception {
        super.stop(cause);
    }

    /**
     * Mints anew unless the Pipeline took the token over: nobody else would hand it to the Pipeline, which would wait for
     * ever. What the build knows of an earlier mint is taken back; what it does not is found by its lease, and revoked by the
     * janitor.
     */
    @Override
    public void onResume() {
        if (isTakenOver()) {
            return;
        }
        try {
            RestOfBuild.takeBack(getContext().get(Run.class), getContext().get(FlowNode.class));
            mint();
        } catch (IOException | InterruptedException e) {
            getContext().onFailure(e);
        }
    }

    @Override
    public boolean blocksRestart() {
        return minting != null && !minting.isDone();
    }

    @Override
    public String getStatus() {
        return made ? null : Messages.MintExecution_waiting();
    }
}
