package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.remoting.Channel;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;
import org.jenkinsci.plugins.workflow.steps.DynamicContext;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;

/**
 * Finds out which of a build's tokens a step can print, by its environment, so that an agent on which it runs is told of
 * these. Whatever bound them: a block of ours, of credentials-binding, {@code environment} or {@code withEnv}.
 */
@Extension
public class ReachedSteps extends DynamicContext.Typed<TaskListenerDecorator> {
    @NonNull
    @Override
    protected Class<TaskListenerDecorator> type() {
        return TaskListenerDecorator.class;
    }

    @Override
    protected TaskListenerDecorator get(DelegatedContext context) throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        BuildMask mask = run == null ? null : BuildMask.of(run);
        if (mask == null || mask.mask().isEmpty()) {
            return null;
        }
        var env = new ProbedEnvironment();
        EnvironmentExpander expander = context.get(EnvironmentExpander.class);
        if (expander != null) {
            expander.expand(env);
        }
        var texts = new ArrayList<>(env.texts());
        texts.addAll(CopiedVariables.texts(run));
        texts.addAll(mask.givenTexts());
        List<SecretText> reached = mask.standingIn(texts);
        return reached.isEmpty()
                ? null
                : TaskListenerDecorator.merge(context.get(TaskListenerDecorator.class), new Told(mask, reached));
    }

    /** Hides nothing; the agent to which it is sent is told, by what is sent right after it ({@link PipelineMask}). */
    private static final class Told extends TaskListenerDecorator {
        @Serial
        private static final long serialVersionUID = 1;

        /** Null where it has arrived. */
        private final transient Consumer<Channel> reached;

        Told(BuildMask mask, List<SecretText> secrets) {
            this.reached = agent -> mask.reaches(agent, secrets);
        }

        @NonNull
        @Override
        public OutputStream decorate(@NonNull OutputStream log) {
            return log;
        }

        @Serial
        private Object writeReplace() {
            Channel agent = Channel.current();
            if (agent != null && reached != null) {
                reached.accept(agent);
            }
            return this;
        }

        @Override
        public String toString() {
            return "Qwiet CI tokens of a step";
        }
    }
}
