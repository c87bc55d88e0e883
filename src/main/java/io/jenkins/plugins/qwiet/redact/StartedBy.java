package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Run;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
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
    static final StartedBy NOBODY = new StartedBy(Set.of(), false, new WeakReference<>(null));

    private static final Logger LOGGER = Logger.getLogger(StartedBy.class.getName());

    /** Of these, all that they say and keep is who started it. Those that extend them say more. */
    private static final Set<Class<?>> OF_JENKINS = Set.of(Cause.UpstreamCause.class, Cause.UserIdCause.class);

    /** As {@link BuildKey#text} gives them. */
    private final Set<String> builds;

    /** Whether a cause says more than who started it. */
    private final boolean maySay;

    /** No cause is kept: there are some that keep their build, which would stay in memory with what is known of it here. */
    private final Reference<Run<?, ?>> run;

    private volatile List<String> texts;

    private StartedBy(Set<String> builds, boolean maySay, Reference<Run<?, ?>> run) {
        this.builds = builds;
        this.maySay = maySay;
        this.run = run;
    }

    @NonNull
    static StartedBy of(@NonNull Run<?, ?> run) {
        try {
            boolean maySay =
                    run.getCauses().stream().flatMap(StartedBy::withThoseBefore).anyMatch(StartedBy::mayHaveTexts);
            Set<String> builds = UpstreamBuilds.of(run);
            return builds.isEmpty() && !maySay ? NOBODY : new StartedBy(builds, maySay, new WeakReference<>(run));
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
        return builds.isEmpty() && !maySay;
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

    /** What the causes say and keep, while its build is in memory. Each is asked once. */
    @NonNull
    List<String> texts() {
        List<String> known = texts;
        Run<?, ?> loaded = maySay && known == null ? run.get() : null;
        if (known == null) {
            known = loaded == null
                    ? List.of()
                    : loaded.getCauses().stream()
                            .flatMap(StartedBy::textsOf)
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
