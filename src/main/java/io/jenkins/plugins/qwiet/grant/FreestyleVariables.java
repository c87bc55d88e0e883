package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.util.Secret;
import java.io.IOException;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Lets a token stand in its variables for every process of a freestyle build. Build steps put the build's parameters over
 * its environment ({@code hudson.tasks.CommandInterpreter}), and so over the token: here is the one place behind that.
 */
@Extension
public class FreestyleVariables extends LauncherDecorator {
    @NonNull
    @Override
    public Launcher decorate(@NonNull Launcher launcher, @NonNull Node node) {
        return Executor.currentExecutor() == null ? launcher : new OverParameters(launcher);
    }

    private static final class OverParameters extends Launcher.DecoratedLauncher {
        OverParameters(Launcher inner) {
            super(inner);
        }

        @Override
        public Proc launch(@NonNull ProcStarter starter) throws IOException {
            Executor executor = Executor.currentExecutor();
            String[] env = starter.envs();
            if (env != null
                    && executor != null
                    && executor.getCurrentExecutable() instanceof AbstractBuild<?, ?> build) {
                BuildTokens tokens = build.getAction(BuildTokens.class);
                if (tokens != null) {
                    starter.envs(settled(env, tokens, build.getBuildVariables()));
                }
            }
            return super.launch(starter);
        }

        private static String[] settled(String[] env, BuildTokens tokens, Map<String, String> parameters) {
            String[] settled = env.clone();
            for (TokenRecord token : tokens.seen()) {
                Secret value = token.value();
                if (value != null) {
                    replaceAll(settled, token.variable(), (name, there) -> {
                        TokenRecord other = tokens.withValue(there);
                        return isParameter(name, there, parameters)
                                        || GoneTokens.isBefore(token, there)
                                        || other != null && other.lineId().equals(token.lineId())
                                ? value.getPlainText()
                                : there(there, other != null, tokens, token, name);
                    });
                    replaceAll(
                            settled,
                            token.orgVariable(),
                            (name, there) -> isParameter(name, there, parameters) || GoneTokens.isBefore(token, there)
                                    ? token.orgId()
                                    : there(there, token.orgId().equals(there), tokens, token, name));
                }
            }
            tokens.orphaned()
                    .forEach((variable, gone) -> replaceAll(settled, variable, (name, there) -> {
                        boolean old = !GoneTokens.isOurs(tokens, gone, there)
                                && (GoneTokens.isBefore(gone, there) || isParameter(name, there, parameters));
                        if (old || there.isEmpty()) {
                            tokens.saysThatItIsGone(gone, name);
                        }
                        return old ? "" : there;
                    }));
            return settled;
        }

        private static String there(
                String there, boolean isOurs, BuildTokens tokens, TokenRecord token, String variable) {
            if (!isOurs) {
                tokens.saysThatItIsOverridden(token, variable);
            }
            return there;
        }

        /** By its own name, whatever case of it stands there: a process tells them apart. */
        private static void replaceAll(String[] env, String variable, BinaryOperator<String> value) {
            for (int i = 0; i < env.length; i++) {
                int split = env[i].indexOf('=');
                if (split >= 0 && env[i].substring(0, split).equalsIgnoreCase(variable)) {
                    env[i] = variable + "=" + value.apply(variable, env[i].substring(split + 1));
                }
            }
        }

        private static boolean isParameter(String variable, String value, Map<String, String> parameters) {
            return parameters.entrySet().stream()
                    .anyMatch(each -> each.getKey().equalsIgnoreCase(variable) && value.equals(each.getValue()));
        }
    }
}
