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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    /**
     * For logs and news that are on their way here: messages may overtake each other. Also that nothing is to be hidden any
     * more, or what comes late would be kept.
     */
    private static final Map<String, Update> EARLY = new LinkedHashMap<>() {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Update> eldest) {
            return size() > MOST_EARLY;
        }
    };

    private static final int MOST_EARLY = 1000;

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
            Update early = EARLY.remove(update.build);
            if (early != null) {
                mask.take(early);
            }
            return mask;
        }
    }

    private static AgentMask known(String build) {
        var known = OF_BUILDS.get(build);
        return known == null ? null : known.get();
    }

    /** Whether this process hides a text in any log, or is going to. */
    static boolean knows(String text) {
        synchronized (OF_BUILDS) {
            return OF_BUILDS.values().stream()
                            .map(WeakReference::get)
                            .anyMatch(each -> each != null && each.mask.reveals(text))
                    || EARLY.values().stream()
                            .anyMatch(each -> each.mask(Mask.none()).reveals(text));
        }
    }

    private void take(Update update) {
        if (update.version > version) {
            version = update.version;
            mask = update.mask(mask);
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

        /** Tells the agent, in the background. Done when it knows, or prints no more; fails if it does not answer. */
        CompletableFuture<Void> tell(@NonNull Channel agent) {
            return CompletableFuture.runAsync(() -> send(agent), Computer.threadPoolForRemoting)
                    .orTimeout(ToldAgents.LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        }

        private void send(Channel agent) {
            try {
                agent.callAsync(this).get(ToldAgents.LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            } catch (IOException | ExecutionException | TimeoutException e) {
                if (!agent.isClosingOrClosed()) {
                    throw new CompletionException(e);
                }
                LOGGER.log(Level.FINE, e, () -> "Its logs end with it: " + agent);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
        }

        /** Runs on the agent, for the logs that are open there. */
        @Override
        public Void call() {
            synchronized (OF_BUILDS) {
                AgentMask mask = known(build);
                if (mask != null) {
                    mask.take(this);
                } else {
                    EARLY.merge(build, this, (one, other) -> one.version > other.version ? one : other);
                }
            }
            return null;
        }

        private Mask mask(Mask before) {
            var hidden = Stream.of(secrets)
                    .map(Secret::getPlainText)
                    .map(SecretText::of)
                    .toList();
            // With nothing to hide, the log's charset is nothing that this Java must have.
            return hidden.isEmpty()
                    ? Mask.none()
                    : before == Mask.none() ? Mask.of(hidden, charset) : before.with(hidden);
        }
    }

    /** Hides tokens in a log that the agent writes: the agent's half of {@link PipelineMask}. */
    static final class Decorator extends TaskListenerDecorator {
        @Serial
        private static final long serialVersionUID = 1;

        private final Update atFirst;
        /** From its arrival on the agent, so that no news is lost until the log is opened. */
        private transient AgentMask mask;

        Decorator(@NonNull Update atFirst) {
            this.atFirst = atFirst;
        }

        @Serial
        private Object readResolve() {
            mask = AgentMask.of(atFirst);
            return this;
        }

        @NonNull
        @Override
        public OutputStream decorate(@NonNull OutputStream log) {
            AgentMask known = mask != null ? mask : AgentMask.of(atFirst);
            return new PackedNotes(new MaskingOutputStream(log, () -> known.mask), () -> known.mask);
        }

        @Override
        public String toString() {
            return "Qwiet CI tokens";
        }
    }
}
