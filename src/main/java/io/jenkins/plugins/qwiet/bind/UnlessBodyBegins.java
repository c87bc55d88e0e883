package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import java.io.IOException;
import org.jenkinsci.plugins.credentialsbinding.impl.BindingStep;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Gives a token back at once if the {@code withCredentials} in which it is bound fails before its body begins, as when a
 * later binding names a credential that is not there: {@code BindingStep} unbinds only what has had a body.
 */
final class UnlessBodyBegins implements GraphListener.Synchronous {
    private final Run<?, ?> run;
    private final FlowExecution execution;
    private final FlowNode step;
    private final String nonce;

    private UnlessBodyBegins(Run<?, ?> run, FlowExecution execution, FlowNode step, String nonce) {
        this.run = run;
        this.execution = execution;
        this.step = step;
        this.nonce = nonce;
    }

    static void watch(@NonNull StepContext context, @NonNull String nonce) throws IOException, InterruptedException {
        FlowExecution execution = context.get(FlowExecution.class);
        execution.addListener(
                new UnlessBodyBegins(context.get(Run.class), execution, context.get(FlowNode.class), nonce));
    }

    @Override
    public void onNewHead(FlowNode node) {
        if (!node.getParents().contains(step)) {
            return;
        }
        execution.removeListener(this);
        if (node instanceof BlockEndNode) {
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
            }
        }
    }
}
