package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.remoting.Channel;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;

/** Hides the tokens of a Pipeline build in its log, and in that of each step, whenever it was opened. */
final class PipelineMask extends TaskListenerDecorator {
    private static final Logger LOGGER = Logger.getLogger(PipelineMask.class.getName());

    @Serial
    private static final long serialVersionUID = 1;

    private final transient BuildMask mask;

    private PipelineMask(BuildMask mask) {
        this.mask = mask;
    }

    @NonNull
    @Override
    public OutputStream decorate(@NonNull OutputStream log) {
        return new PackedNotes(new MaskingOutputStream(log, mask::mask), mask::mask);
    }

    /** An agent writes a log of its own. */
    @Serial
    private Object writeReplace() {
        Channel agent = Channel.current();
        return new AgentMask.Decorator(agent == null ? mask.forAnybody() : mask.tellFromNowOn(agent));
    }

    @Override
    public String toString() {
        return "Qwiet CI tokens";
    }

    /**
     * Is asked whenever a build's log, or a step's, is opened. The factory that comes first makes the decorator that sees
     * first what was written, before those of blocks too ({@code TaskListenerDecorator.apply}): others put stamps between
     * lines, or colours, and what is in pieces can no longer be recognized. Hence an ordinal above all numbers.
     */
    @Extension(ordinal = Double.POSITIVE_INFINITY)
    public static class Factory implements TaskListenerDecorator.Factory {
        @Override
        public TaskListenerDecorator of(@NonNull FlowExecutionOwner owner) {
            try {
                return owner.getExecutable() instanceof Run<?, ?> run
                        ? new PipelineMask(BuildMask.ofPrinting(run))
                        : null;
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot mask the log of " + owner);
                return null;
            }
        }
    }
}
