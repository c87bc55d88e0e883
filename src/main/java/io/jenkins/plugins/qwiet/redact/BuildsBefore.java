package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the builds that started one, and those that started these, when it is scheduled. Whoever starts it tells the name that
 * it has at that moment; but the names of those before are as old as the builds that they started, and may be others' by now. So
 * for them it counts what the build that was started by them knew from the beginning. Only if nobody knows that any more,
 * their names do, for builds that are not younger than the one they are said to have started. Loads none.
 */
final class BuildsBefore {
    private final KnownBuilds.Now known;
    private final Set<String> found = new TreeSet<>();

    private BuildsBefore(KnownBuilds.Now known) {
        this.known = known;
    }

    /** Their keys; without those of builds that are over. */
    @NonNull
    static Set<String> of(@NonNull Stream<Cause> causes) {
        List<Cause.UpstreamCause> upstream = upstream(causes).toList();
        if (upstream.isEmpty()) {
            return Set.of();
        }
        var search = new BuildsBefore(
                KnownBuilds.now(upstream.stream().flatMap(BuildsBefore::names).collect(Collectors.toSet())));
        upstream.forEach(cause -> search.look(cause, Long.MAX_VALUE));
        search.found.removeAll(search.known.over());
        return search.found;
    }

    private void look(Cause.UpstreamCause cause, long latest) {
        List<BuildMask> masks = known.named().getOrDefault(name(cause), List.of()).stream()
                .filter(mask -> made(mask) <= latest)
                .toList();
        for (BuildMask mask : masks) {
            BuildKey key = mask.key();
            if (key != null) {
                found.add(key.text());
            }
            found.addAll(mask.startedBy().builds());
        }
        if (masks.stream().noneMatch(mask -> mask.startedBy().includesBuilds())) {
            long before = masks.stream().mapToLong(BuildsBefore::made).max().orElse(latest);
            upstream(cause.getUpstreamCauses().stream()).forEach(each -> look(each, before));
        }
    }

    /** In milliseconds since the epoch. */
    private static long made(BuildMask mask) {
        BuildKey key = mask.key();
        return key == null ? Long.MAX_VALUE : key.made();
    }

    private static Stream<String> names(Cause.UpstreamCause cause) {
        return Stream.concat(
                Stream.of(name(cause)),
                upstream(cause.getUpstreamCauses().stream()).flatMap(BuildsBefore::names));
    }

    private static Stream<Cause.UpstreamCause> upstream(Stream<Cause> causes) {
        return causes.filter(Cause.UpstreamCause.class::isInstance).map(Cause.UpstreamCause.class::cast);
    }

    /** As {@code Run.getExternalizableId} gave it. */
    private static String name(Cause.UpstreamCause cause) {
        return cause.getUpstreamProject() + "#" + cause.getUpstreamBuild();
    }
}
