package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.qwiet.grant.IssuedToken;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import java.io.Serial;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code withQwietCiToken(label: 'x') { … }}: a token for a block. */
public class WithQwietCiTokenStep extends TokenStep {
    /**
     * @param label blank for the build's own name
     */
    @DataBoundConstructor
    public WithQwietCiTokenStep(@CheckForNull String label) {
        super(label);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, arguments());
    }

    private static final class Execution extends MintExecution {
        @Serial
        private static final long serialVersionUID = 1;

        private BlockEnd end;

        Execution(StepContext context, TokenRequest arguments) {
            super(context, arguments);
        }

        @Override
        void minted(IssuedToken token) throws Exception {
            end = new BlockEnd(token.nonce);
            new Block(getContext(), token).start(end);
        }

        @Override
        boolean isTakenOver() {
            return end != null && end.hasBlockBegun();
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
            return super.blocksRestart() || (end != null && end.isEnding());
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
