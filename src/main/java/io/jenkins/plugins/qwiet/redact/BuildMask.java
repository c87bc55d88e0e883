package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.remoting.Channel;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;

/**
 * What must be hidden in one build's log at this moment. A log that was opened before a token was minted hides it too,
 * because it looks here at every write; an agent that writes a log of its own is told. Safe on any thread.
 */
public final class BuildMask {
    private static final Map<Run<?, ?>, BuildMask> OF_BUILDS = new WeakHashMap<>();

    private final String name = UUID.randomUUID().toString();
    private final Charset charset;
    private final Set<Channel> agents = Collections.newSetFromMap(new WeakHashMap<>());
    private List<SecretText> hidden = List.of();
    private int changes;
    private volatile Mask mask;

    private BuildMask(Charset charset) {
        this.charset = charset;
        this.mask = Mask.of(List.of(), charset);
    }

    /** The mask of a build: the same one for the same build, as long as anybody holds it. */
    @NonNull
    public static BuildMask of(@NonNull Run<?, ?> run) {
        synchronized (OF_BUILDS) {
            return OF_BUILDS.computeIfAbsent(run, r -> new BuildMask(r.getCharset()));
        }
    }

    /** From here on hides these and no others, on agents too. */
    public synchronized void hide(@NonNull Collection<SecretText> secrets) {
        var now = List.copyOf(secrets);
        if (!now.equals(hidden)) {
            hidden = now;
            changes++;
            mask = mask.with(now);
            AgentMask.Update news = update();
            agents.removeIf(Channel::isClosingOrClosed);
            agents.forEach(news::tell);
        }
    }

    /** What is hidden at this moment. */
    @NonNull
    public Mask mask() {
        return mask;
    }

    /** What an agent has to know; from here on it is told whenever that changes. */
    @NonNull
    synchronized AgentMask.Update tellFromNowOn(@NonNull Channel agent) {
        agents.add(agent);
        return update();
    }

    /** What is hidden at this moment, to be sent to an agent. */
    @NonNull
    synchronized AgentMask.Update update() {
        var secrets = hidden.stream().map(SecretText::reveal).map(Secret::fromString);
        return new AgentMask.Update(name, changes, charset.name(), secrets.toArray(Secret[]::new));
    }
}
