package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Node;
import java.io.IOException;
import java.util.List;
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

        /** As {@link WhoseWord} does for a Pipeline; what was there before is told by its value here. */
        private static String[] settled(String[] env, BuildTokens tokens, Map<String, String> parameters) {
            String[] settled = env.clone();
            var owners = new Owners(tokens.getTokens());
            for (String variable : owners.variables()) {
                List<TokenRecord> seen = owners.seenInFreestyle(variable);
                TokenRecord token = seen.isEmpty() ? owners.lastBound(variable) : seen.get(0);
                if (token != null) {
                    replaceAll(settled, variable, (name, there) -> {
                        boolean isWord = !owners.isOwn(name, there)
                                && !isParameter(name, there, parameters)
                                && !owners.wasBefore(name, there);
                        return seen.isEmpty()
                                ? valueWithout(name, there, tokens, owners, token, isWord)
                                : value(name, there, tokens, token, isWord);
                    });
                }
            }
            return settled;
        }

        private static String value(
                String variable, String there, BuildTokens tokens, TokenRecord token, boolean isWord) {
            if (isWord) {
                tokens.saysThatItIsOverridden(token, variable, TokenLog.build());
            }
            return isWord ? there : token.valueIn(variable);
        }

        /** Nothing takes the place of a token that is gone, but what was set later. */
        private static String valueWithout(
                String variable, String there, BuildTokens tokens, Owners owners, TokenRecord gone, boolean isWord) {
            if (isWord && !there.isEmpty()) {
                return there;
            }
            if (!owners.isOwn(variable, there)) {
                tokens.saysThatItIsGone(gone, variable);
            }
            return "";
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
