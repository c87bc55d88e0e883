package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.credentialsbinding.MultiBinding;
import org.jenkinsci.plugins.credentialsbinding.impl.BindingStep;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Gives a token back when the {@code withCredentials} in which it is bound ends without unbinding it: {@code BindingStep} does
 * not if it fails before its body begins, as when a later binding names a credential that is not there, nor if it is aborted
 * while it binds.
 */
final class UntilBlockEnds implements GraphListener.Synchronous {
    private static final Logger LOGGER = Logger.getLogger(UntilBlockEnds.class.getName());

    private final Run<?, ?> run;
    private final FlowExecution execution;
    private final FlowNode step;
    private final String nonce;

    private UntilBlockEnds(Run<?, ?> run, FlowExecution execution, FlowNode step, String nonce) {
        this.run = run;
        this.execution = execution;
        this.step = step;
        this.nonce = nonce;
    }

    static void watch(@NonNull StepContext context, @NonNull String nonce) throws IOException, InterruptedException {
        FlowExecution execution = context.get(FlowExecution.class);
        var watch = new UntilBlockEnds(context.get(Run.class), execution, context.get(FlowNode.class), nonce);
        execution.addListener(watch);
        if (!watch.step.isActive()) {
            // Aborted before anybody watched.
            watch.over();
        }
    }

    @Override
    public void onNewHead(FlowNode node) {
        if (node instanceof BlockEndNode<?> end && end.getStartNode().equals(step)) {
            over();
        }
    }

    private void over() {
        execution.removeListener(this);
        boolean held = BuildTokens.of(run).stream()
                .flatMap(tokens -> tokens.getTokens().stream())
                .anyMatch(token -> token.lineId().equals(nonce) && token.use() != TokenRecord.Use.OVER);
        if (held) {
            TokenRevoker.inTheBackground(run).revoke(nonce);
        }
    }

    /** Tells a binding in which step it stands: nobody else does. */
    @Extension
    public static class Bindings implements StepListener {
        @Override
        public void notifyOfNewStep(@NonNull Step step, @NonNull StepContext context) {
            if (step instanceof BindingStep binding) {
                binding.getBindings().stream()
                        .filter(QwietAccessTokenBinding.class::isInstance)
                        .map(QwietAccessTokenBinding.class::cast)
                        .forEach(each -> each.standsIn(context));
                refuseTwoInOneVariable(binding, context);
            }
        }

        private static void refuseTwoInOneVariable(BindingStep step, StepContext context) {
            try {
                Run<?, ?> run = context.get(Run.class);
                String problem = SharedVariables.problem(
                        run,
                        step.getBindings().stream()
                                .<MultiBinding<?>>map(each -> each)
                                .toList());
                if (problem != null) {
                    context.onFailure(new AbortException(problem));
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "The step will say that it has no build");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
