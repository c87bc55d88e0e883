package io.jenkins.plugins.qwiet.bind;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.console.ConsoleLogFilter;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.grant.BlockEnvironment;
import io.jenkins.plugins.qwiet.grant.IssuedToken;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.Shutdown;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import io.jenkins.plugins.qwiet.mask.Mask;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import io.jenkins.plugins.qwiet.redact.MaskedFailures;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * {@code withQwietCiToken(label: 'x') { … }}: a token for a block, in the way of credentials-binding's {@code
 * BindingStep}: environment, log filter and failures all know what is secret.
 */
public class WithQwietCiTokenStep extends TokenStep {
    private static final Logger LOGGER = Logger.getLogger(WithQwietCiTokenStep.class.getName());

    /**
     * @param label blank for the build's own name
     */
    @DataBoundConstructor
    public WithQwietCiTokenStep(@CheckForNull String label) {
        super(label);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, request());
    }

    private static final class Execution extends MintExecution {
        @Serial
        private static final long serialVersionUID = 1;

        private End end;
        /** Null until there is a token for it. */
        private BodyExecution body;

        Execution(StepContext context, TokenRequest request) {
            super(context, request);
        }

        @Override
        void minted(IssuedToken token) throws Exception {
            end = new End(token.nonce);
            var context = getContext();
            Run<?, ?> run = context.get(Run.class);
            BodyInvoker block = context.newBodyInvoker()
                    .withContext(EnvironmentExpander.merge(
                            context.get(EnvironmentExpander.class), new BlockEnvironment(token)))
                    .withContext(BodyInvoker.mergeConsoleLogFilters(
                            context.get(ConsoleLogFilter.class), Filter.of(token.value, run)))
                    .withContext(FailureHandler.merge(
                            context.get(FailureHandler.class), new MaskedFailures(List.of(token.value))))
                    .withCallback(end);
            if (!giveUnlessStopped(() -> body = block.start())) {
                revoke(token.nonce, run);
            }
        }

        @Override
        boolean isTakenOver() {
            return end != null && end.begun;
        }

        @Override
        void giveUp(Throwable cause) throws Exception {
            BodyExecution now = body;
            if (now == null || end.over) {
                super.giveUp(cause);
            } else {
                // Pipeline cannot take back a body that was started, but ends it wherever it is; then the token goes.
                now.cancel(cause);
            }
        }

        /** A body that is over has what it ended with, which may be nothing that can be stored. */
        @Serial
        private void writeObject(ObjectOutputStream out) throws IOException {
            if (end != null && end.over) {
                body = null;
            }
            out.defaultWriteObject();
        }

        @Override
        public void onResume() {
            super.onResume();
            if (end != null) {
                end.resume(getContext());
            }
        }

        @Override
        public boolean blocksRestart() {
            return super.blocksRestart() || (end != null && end.ending);
        }
    }

    private static final class Filter extends ConsoleLogFilter implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        private final Secret value;
        private final String charset;
        /** Made once for all steps of the block. */
        private transient volatile Mask mask;

        private Filter(Secret value, String charset) {
            this.value = value;
            this.charset = charset;
        }

        /** What the build's mask knows of the token is not made anew. */
        static Filter of(Secret value, Run<?, ?> run) {
            var filter = new Filter(value, run.getCharset().name());
            filter.mask = Mask.of(List.of(), run.getCharset())
                    .with(Map.of(
                            SecretText.of(value.getPlainText()),
                            BuildMask.of(run).mask()));
            return filter;
        }

        // The overload that takes a Run is never asked in a Pipeline; see TaskListenerDecorator.fromConsoleLogFilter.
        @Override
        @SuppressWarnings({"deprecation", "rawtypes"})
        public OutputStream decorateLogger(AbstractBuild ignored, OutputStream log) {
            Mask known = mask;
            if (known == null) {
                known = Mask.of(List.of(SecretText.of(value.getPlainText())), charset);
                mask = known;
            }
            Mask ofToken = known;
            return new MaskingOutputStream(log, () -> ofToken);
        }
    }

    /**
     * Gives a block's token back however the block ended. The Pipeline goes on when that is on disk: nothing depends on Qwiet's
     * answer, and the log has it when it comes.
     */
    private static final class End extends BodyExecutionCallback {
        /** A Pipeline does not wait for a disk that hangs. */
        private static final long LONGEST_WAIT_SECONDS = 15;

        private static final long LONGEST_SAVE_SECONDS = 5;

        @Serial
        private static final long serialVersionUID = 1;

        private final String nonce;
        private boolean begun;
        private boolean over;
        /** As far as it can be stored: a block may end with anything, which no block of Pipeline itself stores. */
        private Object storedResult;

        private Throwable storedFailure;
        private transient Object result;
        private transient Throwable failure;
        private transient volatile boolean ending;
        /** Whether Pipeline has written, since this process began, that the block is over. */
        private transient volatile boolean written;

        End(@NonNull String nonce) {
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
            storedResult = isStorable(bodyResult) ? bodyResult : null;
            end(context);
        }

        @Override
        public void onFailure(StepContext context, Throwable bodyFailure) {
            over = true;
            failure = bodyFailure;
            storedFailure = isStorable(bodyFailure) ? bodyFailure : new AbortException(bodyFailure.getMessage());
            end(context);
        }

        /** Jenkins restarted. If that was between the block's end and the Pipeline's going on, it goes on now. */
        void resume(StepContext context) {
            if (over) {
                result = storedResult;
                failure = storedFailure;
                end(context);
            }
        }

        private static boolean isStorable(@CheckForNull Object ended) {
            try (var out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
                out.writeObject(ended);
                return true;
            } catch (IOException | RuntimeException | Error e) {
                // Of somebody's class: lists in one another may be too deep, and a class may be missing.
                LOGGER.log(Level.FINE, e, () -> "A block ended with what cannot be stored");
                return false;
            }
        }

        private void end(StepContext context) {
            ending = true;
            saved(context)
                    .thenCompose(done -> giveBack(context))
                    .completeOnTimeout(null, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((done, problem) -> {
                        ending = false;
                        if (Shutdown.hasBegun()) {
                            // A Pipeline that is being stopped may break if it is told something; it goes on by resume.
                            return;
                        }
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
            future.addListener(() -> done.complete(null), JenkinsLeases.get().threads());
            return done;
        }

        @Serial
        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            written = over;
        }

        /** The log of the step is closed when the Pipeline goes on. */
        private CompletableFuture<Void> giveBack(StepContext context) {
            try {
                return TokenRevoker.inTheBackground(context.get(Run.class)).giveBack(nonce);
            } catch (IOException | InterruptedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    }

    /** The form. */
    @Extension
    public static class DescriptorImpl extends TokenStepDescriptor {
        @Override
        public String getFunctionName() {
            return "withQwietCiToken";
        }

        @Override
        public String getDisplayName() {
            return Messages.WithQwietCiTokenStep_displayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }
    }
}
