package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import hudson.remoting.Channel;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.lang.ref.WeakReference;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.security.MasterToSlaveCallable;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;

/**
 * What an agent hides in the logs that it writes of one build: the latest that the controller told it. Lives in the
 * agent's process, and no longer than those logs. Safe on any thread.
 */
final class AgentMask {
    private static final Map<String, WeakReference<AgentMask>> OF_BUILDS = new HashMap<>();

    private int version = -1;
    private volatile Mask mask = Mask.none();

    /** For a log that is being opened. */
    private static AgentMask of(Update update) {
        synchronized (OF_BUILDS) {
            OF_BUILDS.values().removeIf(each -> each.get() == null);
            AgentMask mask = known(update.build);
            if (mask == null) {
                mask = new AgentMask();
                OF_BUILDS.put(update.build, new WeakReference<>(mask));
            }
            mask.take(update);
            return mask;
        }
    }

    private static AgentMask known(String build) {
        var known = OF_BUILDS.get(build);
        return known == null ? null : known.get();
    }

    private void take(Update update) {
        // Messages may overtake each other.
        if (update.version > version) {
            version = update.version;
            mask = update.mask();
        }
    }

    /** What has to be hidden in a build's log from some moment on, on its way to an agent. */
    static final class Update extends MasterToSlaveCallable<Void, RuntimeException> {
        private static final Logger LOGGER = Logger.getLogger(Update.class.getName());

        @Serial
        private static final long serialVersionUID = 1;

        private final String build;
        private final int version;
        private final String charset;
        private final Secret[] secrets;

        /**
         * @param build names it, in this process of Jenkins and on all agents
         * @param version the higher, the later
         */
        Update(@NonNull String build, int version, @NonNull String charset, @NonNull Secret[] secrets) {
            this.build = build;
            this.version = version;
            this.charset = charset;
            this.secrets = secrets.clone();
        }

        /** Tells the agent, in the background: one that hangs holds up nobody. */
        void tell(@NonNull Channel agent) {
            Computer.threadPoolForRemoting.execute(() -> {
                try {
                    agent.callAsync(this);
                } catch (IOException e) {
                    LOGGER.log(Level.FINE, e, () -> "Its logs end with it: " + agent);
                }
            });
        }

        /** Runs on the agent, for the logs that are open there. */
        @Override
        public Void call() {
            synchronized (OF_BUILDS) {
                AgentMask mask = known(build);
                if (mask != null) {
                    mask.take(this);
                }
            }
            return null;
        }

        private Mask mask() {
            var hidden = Stream.of(secrets)
                    .map(Secret::getPlainText)
                    .map(SecretText::of)
                    .toList();
            return Mask.of(hidden, Charset.forName(charset));
        }
    }

    /** Hides tokens in a log that the agent writes: the agent's half of {@link PipelineMask}. */
    static final class Decorator extends TaskListenerDecorator {
        @Serial
        private static final long serialVersionUID = 1;

        private final Update atFirst;

        Decorator(@NonNull Update atFirst) {
            this.atFirst = atFirst;
        }

        @NonNull
        @Override
        public OutputStream decorate(@NonNull OutputStream log) {
            AgentMask mask = AgentMask.of(atFirst);
            return new MaskingOutputStream(log, () -> mask.mask);
        }

        @Override
        public String toString() {
            return "Qwiet CI tokens";
        }
    }
}
