package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.remoting.Channel;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What must be hidden in one build's log at this moment: what the build holds, and what the builds that started it hold. A
 * log that was opened before a token was minted hides it too, because it looks here at every write; an agent that writes a
 * log of its own is {@linkplain ToldAgents told}. Safe on any thread.
 */
public final class BuildMask {
    private static final Map<Run<?, ?>, BuildMask> OF_BUILDS = new WeakHashMap<>();

    /** Those that hide anything. */
    private static final Set<BuildMask> IN_USE = ConcurrentHashMap.newKeySet();

    private final ToldAgents agents;
    private final Set<BuildMask> downstream = Collections.newSetFromMap(new WeakHashMap<>());
    private final List<BuildMask> upstream = new ArrayList<>();
    private final Object inheriting = new Object();
    private boolean inherited;
    private List<SecretText> own = List.of();
    private volatile List<SecretText> all = List.of();
    private volatile Mask mask;

    private BuildMask(Charset charset) {
        this.agents = new ToldAgents(charset);
        this.mask = Mask.of(List.of(), charset);
    }

    /** The mask of a build: the same one for the same build, as long as anybody holds it. */
    @NonNull
    public static BuildMask of(@NonNull Run<?, ?> run) {
        synchronized (OF_BUILDS) {
            return OF_BUILDS.computeIfAbsent(run, r -> new BuildMask(r.getCharset()));
        }
    }

    /**
     * The mask of a build that is about to print: it may have got tokens as parameters. Looks at the builds that started it,
     * so not for a build that is being loaded.
     */
    @NonNull
    static BuildMask ofPrinting(@NonNull Run<?, ?> run) {
        BuildMask mask = of(run);
        synchronized (mask.inheriting) {
            if (!mask.inherited) {
                mask.inherited = true;
                for (Cause cause : run.getCauses()) {
                    Run<?, ?> starter = cause instanceof Cause.UpstreamCause started ? started.getUpstreamRun() : null;
                    if (starter != null) {
                        mask.inherit(ofPrinting(starter));
                    }
                }
            }
        }
        return mask;
    }

    private void inherit(BuildMask from) {
        synchronized (from) {
            from.downstream.add(this);
        }
        synchronized (this) {
            upstream.add(from);
        }
        update();
    }

    /** From here on hides these and no others, apart from those of upstream builds; agents forget the others. */
    public void hide(@NonNull Collection<SecretText> secrets) {
        synchronized (this) {
            own = List.copyOf(secrets);
        }
        update();
    }

    private void update() {
        List<BuildMask> below;
        synchronized (this) {
            var now = new LinkedHashSet<>(own);
            upstream.forEach(each -> now.addAll(each.all));
            var secrets = List.copyOf(now);
            if (secrets.equals(all)) {
                return;
            }
            mask = mask.with(secrets);
            all = secrets;
            if (secrets.isEmpty()) {
                IN_USE.remove(this);
            } else {
                IN_USE.add(this);
            }
            agents.retain(secrets);
            below = List.copyOf(downstream);
        }
        // Without the lock: they look up to this one.
        below.forEach(BuildMask::update);
    }

    /** Whether a token of any running build stands in a text. */
    static boolean anyReveals(@NonNull String text) {
        return IN_USE.stream().anyMatch(each -> each.mask.reveals(text));
    }

    /** What is hidden at this moment. */
    @NonNull
    public Mask mask() {
        return mask;
    }

    /** What is hidden at this moment, one by one. */
    @NonNull
    List<SecretText> secrets() {
        return all;
    }

    /**
     * Tells every agent that writes a log of this build what from here on any step may print, before any can. Waits for
     * nobody.
     *
     * @return the names of those agents that do not know it; comes within {@value ToldAgents#LONGEST_WAIT_SECONDS} seconds,
     *     and never with an exception
     */
    @NonNull
    public CompletableFuture<List<String>> tellAgents(@NonNull SecretText secret) {
        return agents.tellAll(secret);
    }

    /** The agent prints for steps that have these secrets before their eyes. */
    void reaches(@NonNull Channel agent, @NonNull Collection<SecretText> secrets) {
        agents.reaches(agent, secrets);
    }

    /** What an agent has to know that is going to write a log; from here on it is told whenever that changes. */
    @NonNull
    AgentMask.Update tellFromNowOn(@NonNull Channel agent) {
        return agents.tellFromNowOn(agent);
    }

    /** What every agent has to know. */
    @NonNull
    AgentMask.Update forAnybody() {
        return agents.forAnybody();
    }
}
