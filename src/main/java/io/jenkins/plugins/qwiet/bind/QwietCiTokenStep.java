package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.grant.IssuedToken;
import io.jenkins.plugins.qwiet.grant.RestOfBuild;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import java.io.Serial;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code qwietCiToken(label: 'x')}: a token from here to the end of the build. */
public class QwietCiTokenStep extends TokenStep {
    /**
     * @param label blank for the build's own name
     */
    @DataBoundConstructor
    public QwietCiTokenStep(@CheckForNull String label) {
        super(label);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, request());
    }

    private static final class Execution extends MintExecution {
        @Serial
        private static final long serialVersionUID = 1;

        Execution(StepContext context, TokenRequest request) {
            super(context, request);
        }

        @Override
        void minted(IssuedToken token) throws Exception {
            Run<?, ?> run = getContext().get(Run.class);
            var given = new AtomicBoolean();
            RestOfBuild.bind(run, getContext(), token, log(), () -> give(token, given))
                    .whenComplete((done, problem) -> {
                        if (given.get()) {
                            return;
                        }
                        if (problem != null) {
                            giveUnlessStopped(() -> getContext().onFailure(problem));
                        }
                        // The step has failed; what it did not give must not stay.
                        revoke(token.nonce, run);
                    });
        }

        private boolean give(IssuedToken token, AtomicBoolean given) {
            given.set(giveUnlessStopped(() -> getContext().onSuccess(token.id)));
            return given.get();
        }

        /** When it is, this step is over, and not resumed. */
        @Override
        boolean isTakenOver() {
            return false;
        }
    }

    /** The form. */
    @Extension
    public static class DescriptorImpl extends TokenStepDescriptor {
        @Override
        public String getFunctionName() {
            return "qwietCiToken";
        }

        @Override
        public String getDisplayName() {
            return Messages.QwietCiTokenStep_displayName();
        }
    }
}
