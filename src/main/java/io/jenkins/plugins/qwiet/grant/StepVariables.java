package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.Recorder;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jenkinsci.plugins.structs.SymbolLookup;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;

/**
 * Lets every step of a Pipeline see in the variables of tokens what {@link WhoseWord} says: this comes after {@code
 * environment}, {@code withEnv} and all else, also what other plugins contribute to steps. In no case is a token silently not used.
 */
@Extension(ordinal = -1_000_000)
public class StepVariables extends StepEnvironmentContributor {
    private static final String OURS = "io.jenkins.plugins.qwiet.";
    private static final Set<String> MOVES_FILES = Set.of("stash", "unstash", "archive", "unarchive");

    @Override
    public void buildEnvironmentFor(@NonNull StepContext context, @NonNull EnvVars env, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        BuildTokens tokens = run == null ? null : run.getAction(BuildTokens.class);
        if (tokens == null) {
            return;
        }
        if (tokens.hasCurrent()) {
            Renewals.get().noteStart(tokens);
        }
        var whose = WhoseWord.at(context, run, tokens, env);
        Map<String, WhoseWord.Answer> answers = new TreeMap<>();
        for (String variable : new Owners(tokens.getTokens()).variables()) {
            WhoseWord.Answer answer = whose.of(variable, env.get(variable));
            if (answer != null) {
                answers.put(answer.token().spelling(variable), answer);
            }
        }
        ApiHostVariable.fill(run, env);
        boolean startsNone = startsNoProcess(context.get(FlowNode.class));
        answers.forEach((variable, answer) -> settle(tokens, variable, answer, startsNone, env));
        // A tool may want the token under another name: a copy there is renewed with it.
        env.replaceAll((variable, value) -> TokenCopies.current(tokens, value, over -> {
            if (!startsNone && over.line().isBound() && !over.names(variable)) {
                tokens.said().copyOfOver(over, variable);
            }
        }));
    }

    /**
     * A block does not, and what it sets inside may be the very variable; nor does a step of ours, or one that only looks at files,
     * or moves them.
     */
    private static boolean startsNoProcess(@CheckForNull FlowNode node) {
        StepDescriptor step = node instanceof StepNode known ? known.getDescriptor() : null;
        return node instanceof BlockStartNode
                || step != null
                        && (step.clazz.getName().startsWith(OURS)
                                || MOVES_FILES.contains(step.getFunctionName())
                                || step.isMetaStep() && records(node));
    }

    /**
     * Whether it stands for a step of the older kind that keeps results of a build, such as {@code archiveArtifacts}. Pipeline asks
     * for the variables before it says for which, to hide secrets there; the step itself asks again.
     */
    private static boolean records(FlowNode node) {
        ArgumentsAction arguments = node.getPersistentAction(ArgumentsAction.class);
        if (arguments == null) {
            return true;
        }
        String symbol = arguments.getArguments().get("delegate") instanceof UninstantiatedDescribable it
                ? it.getSymbol()
                : null;
        Descriptor<?> found = symbol == null ? null : SymbolLookup.get().findDescriptor(Describable.class, symbol);
        return found != null && Recorder.class.isAssignableFrom(found.clazz);
    }

    private static void settle(
            BuildTokens tokens, String variable, WhoseWord.Answer answer, boolean startsNone, EnvVars env) {
        TokenRecord token = answer.token();
        String word = answer.word();
        TokenRecord expired = answer.expired();
        TokenRecord beside = answer.beside();
        String there = env.get(variable);
        TokenCopies.of(tokens, there);
        if (word != null) {
            put(env, variable, TokenCopies.current(tokens, word));
            if (!answer.gone()) {
                tokens.said().overridden(token, variable, answer.by());
            }
        } else if (answer.gone()) {
            put(env, variable, "");
            boolean isOld = there != null && !there.isEmpty();
            if (!startsNone && (isOld || tokens.said().isDropped(token, variable))) {
                tokens.said().gone(token, variable);
            }
        } else {
            put(env, variable, token.valueIn(variable));
            if (startsNone || !token.holds(variable)) {
                return;
            } else if (expired != null) {
                tokens.said().standsIn(token, expired, variable);
            } else if (beside != null) {
                tokens.said().ofBranches(token, beside, variable);
            }
        }
    }

    /** By that name, whatever case of it stands there: an environment keeps the old one, and a process tells them apart. */
    static void put(EnvVars env, String variable, @CheckForNull String value) {
        env.remove(variable);
        if (value != null) {
            env.put(variable, value);
        }
    }
}
