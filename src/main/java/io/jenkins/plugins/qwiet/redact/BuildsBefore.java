package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.model.lazy.LazyBuildMixIn;

/**
 * Finds the builds that started one, and those that started these, when it is scheduled. Whoever starts it tells the name that
 * it has at that moment; but the names of those before are as old as the builds that they started, and may be others' by now. So
 * for them it counts what the build that was started by them {@linkplain UpstreamBuilds remembers}. Only if it remembers none, their
 * names do, for builds that are not younger than the one they are said to have started. Loads none.
 */
final class BuildsBefore {
    private final KnownBuilds.Now known = KnownBuilds.now();
    private final Set<String> found = new TreeSet<>();
    private final Set<SecretText> handed = new LinkedHashSet<>();

    private BuildsBefore() {}

    /**
     * What was found.
     *
     * @param keys of the builds that are not over
     * @param handed the tokens that some build holds, or was given and is on, and that were handed to one of them or to a build
     *     that is over
     */
    record Found(Set<String> keys, Set<SecretText> handed) {}

    @NonNull
    static Found of(@NonNull Collection<Cause> causes) {
        List<Cause.UpstreamCause> upstream = upstream(causes.stream()).toList();
        if (upstream.isEmpty()) {
            return new Found(Set.of(), Set.of());
        }
        var search = new BuildsBefore();
        upstream.forEach(cause -> search.look(cause, Long.MAX_VALUE));
        search.found.retainAll(search.known.on());
        return new Found(search.found, search.handed);
    }

    /** @param latest when it was made at the latest, in milliseconds since the epoch */
    private void look(Cause.UpstreamCause cause, long latest) {
        String job = cause.getUpstreamProject();
        String written = job + "#" + cause.getUpstreamBuild();
        Run<?, ?> run = inMemory(job, cause.getUpstreamBuild());
        boolean isName = run != null || known.named().containsKey(written);
        String name = isName ? written : FormerNames.now(written);
        Set<String> earlier = new TreeSet<>();
        long before = latest;
        for (BuildMask mask : known.named().getOrDefault(name, List.of())) {
            BuildKey key = mask.key();
            if (key != null && key.made() <= latest) {
                found.add(key.text());
                earlier.addAll(mask.startedBy().builds());
                mask.handed().stream()
                        .filter(token -> BuildMask.anyReveals(token.reveal()))
                        .forEach(handed::add);
                before = Math.min(before, key.made());
            }
        }
        // It may be over, loaded to start another, and have printed nothing in this process.
        if (run != null && run.getTimeInMillis() <= latest) {
            earlier.addAll(UpstreamBuilds.of(run));
            before = Math.min(before, run.getTimeInMillis());
        }
        found.addAll(earlier);
        if (earlier.isEmpty()) {
            for (Cause.UpstreamCause each :
                    upstream(cause.getUpstreamCauses().stream()).toList()) {
                look(each, before);
            }
        }
    }

    /** Null if there is none of that name, or it is not loaded. */
    @CheckForNull
    private static Run<?, ?> inMemory(String job, int number) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Item item = Jenkins.get().getItemByFullName(job);
            return item instanceof LazyBuildMixIn.LazyLoadingJob<?, ?> lazy
                    ? lazy.getLazyBuildMixIn().getRunMap().getLoadedBuilds().get(number)
                    : null;
        }
    }

    private static Stream<Cause.UpstreamCause> upstream(Stream<Cause> causes) {
        return causes.filter(Cause.UpstreamCause.class::isInstance).map(Cause.UpstreamCause.class::cast);
    }
}
