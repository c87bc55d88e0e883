package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.console.ConsoleLogFilter;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.grant.IssuedToken;
import io.jenkins.plugins.qwiet.mask.Mask;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import io.jenkins.plugins.qwiet.redact.MaskedFailures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Runs a block that sees a token, in the way of credentials-binding's {@code BindingStep}: environment, log filter and
 * failures all know what is secret.
 */
final class Block {
    private final StepContext context;
    private final IssuedToken token;

    Block(@NonNull StepContext context, @NonNull IssuedToken token) {
        this.context = context;
        this.token = token;
    }

    void start(BodyExecutionCallback end) throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        context.newBodyInvoker()
                .withContext(
                        EnvironmentExpander.merge(context.get(EnvironmentExpander.class), new TokenEnvironment(token)))
                .withContext(BodyInvoker.mergeConsoleLogFilters(
                        context.get(ConsoleLogFilter.class),
                        new Filter(token.value, run.getCharset().name())))
                .withContext(FailureHandler.merge(
                        context.get(FailureHandler.class), new MaskedFailures(List.of(token.value))))
                .withCallback(end)
                .start();
    }

    private static final class TokenEnvironment extends EnvironmentExpander {
        @Serial
        private static final long serialVersionUID = 1;

        private final IssuedToken token;

        TokenEnvironment(IssuedToken token) {
            this.token = token;
        }

        @Override
        public void expand(@NonNull EnvVars env) {
            env.override(token.variable, token.value.getPlainText());
            env.override(token.orgVariable, token.orgId);
        }

        @Override
        public Set<String> getSensitiveVariables() {
            return Set.of(token.variable);
        }
    }

    private static final class Filter extends ConsoleLogFilter implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        private final Secret value;
        private final String charset;

        Filter(Secret value, String charset) {
            this.value = value;
            this.charset = charset;
        }

        // The overload that takes a Run is never asked in a Pipeline; see TaskListenerDecorator.fromConsoleLogFilter.
        @Override
        @SuppressWarnings({"deprecation", "rawtypes"})
        public OutputStream decorateLogger(AbstractBuild ignored, OutputStream log) {
            Mask mask = Mask.of(List.of(SecretText.of(value.getPlainText())), Charset.forName(charset));
            return new MaskingOutputStream(log, () -> mask);
        }
    }
}
