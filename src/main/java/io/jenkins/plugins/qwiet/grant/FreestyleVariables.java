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
                if (tokens != null && tokens.hasCurrent()) {
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
                    settle(settled, token.variable(), value.getPlainText(), token, tokens, parameters);
                    settle(settled, token.orgVariable(), token.orgId(), token, tokens, parameters);
                }
            }
            return settled;
        }

        private static void settle(
                String[] env,
                String variable,
                String value,
                TokenRecord token,
                BuildTokens tokens,
                Map<String, String> parameters) {
            for (int i = 0; i < env.length; i++) {
                int split = env[i].indexOf('=');
                if (split < 0 || !env[i].substring(0, split).equalsIgnoreCase(variable)) {
                    continue;
                }
                String there = env[i].substring(split + 1);
                if (isParameter(variable, there, parameters)) {
                    // By its own name: a process tells cases apart.
                    env[i] = variable + "=" + value;
                } else if (!there.equals(value) && tokens.withValue(there) == null) {
                    tokens.saysThatItIsOverridden(token, variable);
                } else {
                    env[i] = variable + "=" + there;
                }
            }
        }

        private static boolean isParameter(String variable, String value, Map<String, String> parameters) {
            return parameters.entrySet().stream()
                    .anyMatch(each -> each.getKey().equalsIgnoreCase(variable) && value.equals(each.getValue()));
        }
    }
}
