package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Run;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Why a build was started: by which builds, which may hand it a token in ways that nobody sees (a file, an artifact, a stash),
 * and with which words, in which anybody may hand it one. Loads no build.
 *
 * <p>Most builds here have nothing to do with this plugin. So nothing is thrown, whatever a cause does.
 */
final class StartedBy {
    static final StartedBy NOBODY = new StartedBy(Set.of(), List.of());

    private static final Logger LOGGER = Logger.getLogger(StartedBy.class.getName());

    /** Of these, all that they say and keep is who started it. Those that extend them say more. */
    private static final Set<Class<?>> OF_JENKINS = Set.of(Cause.UpstreamCause.class, Cause.UserIdCause.class);

    /** As {@link BuildKey#text} gives them. */
    private final Set<String> builds;

    /** Those that say more than who started it. */
    private final List<Cause> causes;

    private volatile List<String> texts;

    private StartedBy(Set<String> builds, List<Cause> causes) {
        this.builds = builds;
        this.causes = causes;
    }

    @NonNull
    static StartedBy of(@NonNull Run<?, ?> run) {
        try {
            List<Cause> all =
                    run.getCauses().stream().flatMap(StartedBy::withThoseBefore).toList();
            Set<String> builds = UpstreamBuilds.of(run);
            List<Cause> others = all.stream().filter(StartedBy::mayHaveTexts).toList();
            return builds.isEmpty() && others.isEmpty() ? NOBODY : new StartedBy(builds, others);
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in why " + run + " was started");
            return NOBODY;
        }
    }

    /** Of a build that was started by a build, Jenkins keeps why that one was started. */
    private static Stream<Cause> withThoseBefore(Cause cause) {
        return cause instanceof Cause.UpstreamCause upstream
                ? Stream.concat(
                        Stream.of(cause), upstream.getUpstreamCauses().stream().flatMap(StartedBy::withThoseBefore))
                : Stream.of(cause).filter(Objects::nonNull);
    }

    private static boolean mayHaveTexts(Cause cause) {
        return !OF_JENKINS.contains(cause.getClass());
    }

    boolean isNobody() {
        return builds.isEmpty() && causes.isEmpty();
    }

    /** The builds that started it, and those that started these, as {@link BuildKey#text} gives them. */
    @NonNull
    Set<String> builds() {
        return builds;
    }

    /** Whether a build started it, or one that started that. */
    boolean isBy(@CheckForNull BuildKey build) {
        return build != null && builds.contains(build.text());
    }

    boolean includesBuilds() {
        return !builds.isEmpty();
    }

    /** What the causes say and keep. Each is asked once. */
    @NonNull
    List<String> texts() {
        List<String> known = texts;
        if (known == null) {
            known = causes.stream()
                    .flatMap(StartedBy::texts)
                    .filter(text -> text != null && !text.isEmpty())
                    .distinct()
                    .toList();
            texts = known;
        }
        return known;
    }

    /** What a cause says and keeps, and those before it. */
    @NonNull
    static Stream<String> textsOf(@CheckForNull Cause cause) {
        return withThoseBefore(cause).filter(StartedBy::mayHaveTexts).flatMap(StartedBy::texts);
    }

    private static Stream<String> texts(Cause cause) {
        try {
            return Stream.of(cause.getShortDescription(), Run.XSTREAM2.toXML(cause));
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in a cause: " + cause.getClass());
            return Stream.of();
        }
    }
}
