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
import java.time.Instant;
import java.util.ArrayList;
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
        /** In the environment of any build, and of no process that is given variables of its own only. */
        private static final String JOB = "JOB_NAME=";

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
                    starter.envs(settled(env, build, tokens));
                }
            }
            return super.launch(starter);
        }

        /** As {@link WhoseWord} does for a Pipeline; what was there before is told by its value here. */
        private static String[] settled(String[] env, AbstractBuild<?, ?> build, BuildTokens tokens) {
            Map<String, String> parameters = build.getBuildVariables();
            List<String> settled = new ArrayList<>(List.of(env));
            boolean isOfBuild = settled.stream().anyMatch(each -> each.startsWith(JOB));
            Instant now = JenkinsLeases.get().clock().instant();
            var owners = new Owners(tokens.getTokens());
            for (String variable : owners.variables()) {
                List<TokenRecord> inTurn = owners.everSeenInFreestyle(variable, tokens.said()::isGivenBack);
                if (inTurn.isEmpty()) {
                    // Jenkins goes on showing what a binding set after its end.
                    replaceAll(settled, variable, (name, there) -> owners.isToken(name, there) ? "" : there);
                    continue;
                }
                TokenRecord holding = Owners.holding(inTurn, variable, now);
                TokenRecord first = inTurn.get(0);
                if (holding != null && !holding.orgId().equals(first.orgId()) && holding.holds(variable)) {
                    tokens.said().standsIn(holding, first, variable);
                }
                TokenRecord token = holding == null ? first : holding;
                boolean isThere = replaceAll(settled, token.spelling(variable), (name, there) -> {
                    boolean isWord = !owners.isOwn(name, there)
                            && !isParameter(name, there, parameters)
                            && !owners.wasBefore(name, there);
                    return holding == null
                            ? valueWithout(name, there, tokens, token, isWord)
                            : value(name, there, tokens, token, isWord);
                });
                if (!isThere && isOfBuild) {
                    // An empty parameter takes a variable away (EnvVars.override); nor is the machine's to be
                    // there.
                    settled.add(token.spelling(variable) + "=" + (holding == null ? "" : token.valueIn(variable)));
                }
            }
            ApiHostVariable.of(build).forEach((variable, host) -> {
                boolean isThere = replaceAll(settled, variable, (name, there) -> there.isBlank() ? host : there);
                if (!isThere && isOfBuild) {
                    settled.add(variable + "=" + host);
                }
            });
            settled.replaceAll(each -> TokenCopies.current(tokens, each));
            return settled.toArray(String[]::new);
        }

        private static String value(
                String variable, String there, BuildTokens tokens, TokenRecord token, boolean isWord) {
            if (isWord) {
                tokens.said().overridden(token, variable, TokenLog.build());
            }
            return isWord ? there : token.valueIn(variable);
        }

        /** Nothing takes the place of a token that is gone, but what was set later. */
        private static String valueWithout(
                String variable, String there, BuildTokens tokens, TokenRecord gone, boolean isWord) {
            if (isWord && !there.isEmpty()) {
                return there;
            }
            tokens.said().gone(gone, variable);
            return "";
        }

        /** By its own name, whatever case of it stands there: a process tells them apart. */
        private static boolean replaceAll(List<String> env, String variable, BinaryOperator<String> value) {
            boolean isThere = false;
            for (int i = 0; i < env.size(); i++) {
                String each = env.get(i);
                int split = each.indexOf('=');
                if (split >= 0 && each.substring(0, split).equalsIgnoreCase(variable)) {
                    env.set(i, variable + "=" + value.apply(variable, each.substring(split + 1)));
                    isThere = true;
                }
            }
            return isThere;
        }

        private static boolean isParameter(String variable, String value, Map<String, String> parameters) {
            return parameters.entrySet().stream()
                    .anyMatch(each -> each.getKey().equalsIgnoreCase(variable) && value.equals(each.getValue()));
        }
    }
}
