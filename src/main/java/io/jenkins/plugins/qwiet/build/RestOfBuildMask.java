package io.jenkins.plugins.qwiet.build;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.nio.charset.Charset;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;

/**
 * Hides the tokens that a build was given for its rest. On the controller it looks at every write which those are; on
 * an agent, where a step's log was opened for it, it knows those of that moment.
 */
final class RestOfBuildMask extends TaskListenerDecorator {
    private static final Logger LOGGER = Logger.getLogger(RestOfBuildMask.class.getName());

    @Serial
    private static final long serialVersionUID = 1;

    private final Secret[] values;
    private final String charset;
    private final transient BuildMask live;

    private RestOfBuildMask(BuildMask live, String charset) {
        this.live = live;
        this.charset = charset;
        this.values = live.hidden().stream()
                .map(SecretText::reveal)
                .map(Secret::fromString)
                .toArray(Secret[]::new);
    }

    @NonNull
    @Override
    public OutputStream decorate(@NonNull OutputStream log) {
        if (live != null) {
            return new MaskingOutputStream(log, live::mask);
        } else if (values.length == 0) {
            return log;
        }
        Mask mask = Mask.of(
                Stream.of(values).map(Secret::getPlainText).map(SecretText::of).toList(), Charset.forName(charset));
        return new MaskingOutputStream(log, () -> mask);
    }

    @Override
    public String toString() {
        return "Qwiet CI tokens";
    }

    /** Is asked whenever a build's log, or a step's, is opened. */
    @Extension
    public static class Factory implements TaskListenerDecorator.Factory {
        @Override
        public TaskListenerDecorator of(@NonNull FlowExecutionOwner owner) {
            try {
                return owner.getExecutable() instanceof Run<?, ?> run
                        ? new RestOfBuildMask(
                                BuildMask.of(run), run.getCharset().name())
                        : null;
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot mask the log of " + owner);
                return null;
            }
        }
    }
}
