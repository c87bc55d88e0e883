package io.jenkins.plugins.qwiet.redact;

import hudson.remoting.Channel;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * What the agents that write logs of one build know: what any step may print, and what the steps that run there may print
 * besides. An agent is told nothing else, so that a token is not in the memory of a machine that has no business with it.
 * Safe on any thread.
 */
final class ToldAgents {
    /** An agent that has not answered by then may hang. */
    static final int LONGEST_WAIT_SECONDS = 5;

    private final String build = UUID.randomUUID().toString();
    private final Charset charset;
    private final Set<SecretText> ofAnyStep = new LinkedHashSet<>();
    /** For each agent, what only steps there may print. */
    private final Map<Channel, Set<SecretText>> agents = new WeakHashMap<>();

    private int changes;

    ToldAgents(Charset charset) {
        this.charset = charset;
    }

    /** All others are secret no longer. */
    synchronized void retain(Collection<SecretText> secrets) {
        boolean forget = ofAnyStep.retainAll(secrets);
        agents.keySet().removeIf(Channel::isClosingOrClosed);
        for (Set<SecretText> known : agents.values()) {
            forget |= known.retainAll(secrets);
        }
        if (forget) {
            tell();
        }
    }

    /** From here on any step may print it. See {@link BuildMask#tellAgents}. */
    synchronized CompletableFuture<List<String>> tellAll(SecretText secret) {
        return ofAnyStep.add(secret) ? tell() : CompletableFuture.completedFuture(List.of());
    }

    /** From here on it may be printed wherever one of these may. See {@link BuildMask#tellAgentsThatKnow}. */
    synchronized CompletableFuture<List<String>> tellWhoKnows(Collection<SecretText> others, SecretText secret) {
        if (others.stream().anyMatch(ofAnyStep::contains)) {
            return tellAll(secret);
        }
        return tell(known -> others.stream().anyMatch(known::contains) && known.add(secret));
    }

    private CompletableFuture<List<String>> tell() {
        return tell(known -> true);
    }

    /** @param whom by what it knows */
    private CompletableFuture<List<String>> tell(Predicate<Set<SecretText>> whom) {
        changes++;
        var ignorant = new ArrayList<CompletableFuture<String>>();
        agents.forEach((agent, known) -> {
            if (whom.test(known)) {
                ignorant.add(
                        update(known).tell(agent).handle((done, problem) -> problem == null ? null : agent.getName()));
            }
        });
        return CompletableFuture.allOf(ignorant.toArray(CompletableFuture[]::new))
                .thenApply(done -> ignorant.stream()
                        .map(CompletableFuture::join)
                        .filter(name -> name != null)
                        .toList());
    }

    synchronized void reaches(Channel agent, Collection<SecretText> secrets) {
        if (agents.computeIfAbsent(agent, a -> new LinkedHashSet<>()).addAll(secrets)) {
            changes++;
        }
    }

    synchronized AgentMask.Update tellFromNowOn(Channel agent) {
        return update(agents.computeIfAbsent(agent, a -> new LinkedHashSet<>()));
    }

    synchronized AgentMask.Update forAnybody() {
        return update(Set.of());
    }

    private AgentMask.Update update(Set<SecretText> ofStepsThere) {
        var secrets = new LinkedHashSet<>(ofAnyStep);
        secrets.addAll(ofStepsThere);
        return new AgentMask.Update(
                build,
                changes,
                charset.name(),
                secrets.stream().map(SecretText::reveal).map(Secret::fromString).toArray(Secret[]::new));
    }
}
