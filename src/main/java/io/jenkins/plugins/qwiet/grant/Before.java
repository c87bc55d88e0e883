package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.security.HMACConfidentialKey;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.actions.TimingAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.support.actions.EnvironmentAction;

/**
 * What variables held when a token was bound to them. Only that gives way to the token later on; what is new by then is
 * what the user wrote after it. Kept as marks, never as values: somebody's own token may be among them.
 */
public final class Before {
    private static final String WITH_ENV = "withEnv";
    private static final int MARK_DIGITS = 16;

    /** Marks are stored with the build. Without this Jenkins' own key nobody can try out what a value may have been. */
    private static final HMACConfidentialKey KEY = new HMACConfidentialKey(Before.class, "marks");

    private static final String OF_LINE = "token:";

    private Before() {}

    /** Nothing: no block is open around a freestyle build step. */
    @NonNull
    public static List<String> nothing() {
        return List.of();
    }

    /**
     * What the token's variables hold at a step, and in the blocks around it. Not for the CPS thread.
     */
    @NonNull
    public static List<String> at(@NonNull StepContext context, @NonNull IssuedToken token)
            throws IOException, InterruptedException {
        List<String> values = new ArrayList<>();
        EnvVars env = context.get(EnvVars.class);
        for (String variable : List.of(token.variable, token.orgVariable)) {
            values.add(env == null ? null : env.get(variable));
        }
        Run<?, ?> run = context.get(Run.class);
        var script = run == null ? null : run.getAction(EnvironmentAction.IncludingOverrides.class);
        if (script != null) {
            script.getOverriddenEnvironment().forEach((name, value) -> {
                if (isOf(token, name)) {
                    values.add(value);
                }
            });
        }
        FlowNode node = context.get(FlowNode.class);
        if (node != null) {
            for (FlowNode block : node.iterateEnclosingBlocks()) {
                withEnv(block).forEach(pair -> {
                    int split = pair.indexOf('=');
                    String name = split < 0 ? pair : pair.substring(0, split);
                    if (isOf(token, name)) {
                        values.add(pair.substring(split + 1));
                    }
                });
            }
        }
        return values.stream().filter(Objects::nonNull).distinct().toList();
    }

    /**
     * Whether a block around a step that was begun after the token was bound may set one of its variables, or the script does
     * so itself: all else was there before, wherever it stood.
     */
    static boolean isSetSince(StepContext context, TokenRecord token, String variable)
            throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        var script = run == null ? null : run.getAction(EnvironmentAction.IncludingOverrides.class);
        if (script != null
                && script.getOverriddenEnvironment().keySet().stream().anyMatch(variable::equalsIgnoreCase)) {
            return true;
        }
        FlowNode node = context.get(FlowNode.class);
        if (node == null) {
            return true;
        }
        long bound = token.line().since().toEpochMilli();
        for (FlowNode block : node.iterateEnclosingBlocks()) {
            if (TimingAction.getStartTime(block) >= bound && names(block, variable)) {
                return true;
            }
        }
        return false;
    }

    /** Whatever step it is: withEnv, withCredentials, or one of another plugin. */
    private static boolean names(FlowNode block, String variable) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(variable) + "(?!\\w)", Pattern.CASE_INSENSITIVE)
                .matcher(String.valueOf(ArgumentsAction.getResolvedArguments(block)))
                .find();
    }

    private static boolean isOf(IssuedToken token, String name) {
        return name.equalsIgnoreCase(token.variable) || name.equalsIgnoreCase(token.orgVariable);
    }

    private static Stream<String> withEnv(FlowNode block) {
        StepDescriptor step = block instanceof StepNode of ? of.getDescriptor() : null;
        return step != null
                        && WITH_ENV.equals(step.getFunctionName())
                        && ArgumentsAction.getResolvedArguments(block).get("overrides") instanceof List<?> pairs
                ? pairs.stream().map(String::valueOf)
                : Stream.empty();
    }

    static String mark(String value) {
        // Cut here: in FIPS mode Jenkins cuts none.
        return KEY.mac(value).substring(0, MARK_DIGITS);
    }

    static String markOfLine(String lineId) {
        return OF_LINE + lineId;
    }
}
