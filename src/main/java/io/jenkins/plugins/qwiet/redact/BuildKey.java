package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import jenkins.model.lazy.LazyBuildMixIn;

/**
 * What a build is known by whatever its job is called, also after a restart. Its name is no such thing: another build may have
 * it later. Nor is the id of its item in the queue: a Pipeline that goes on after a restart waits there again, under another
 * ({@code WorkUnit.setExecutable}). Two builds of the same number that began in the same millisecond have the same key, and hide
 * each other's tokens besides their own.
 *
 * @param number within its job
 * @param made in milliseconds since the epoch
 */
public record BuildKey(int number, long made) {
    @NonNull
    static BuildKey of(@NonNull Run<?, ?> run) {
        return new BuildKey(run.getNumber(), run.getTimeInMillis());
    }

    /** Of the build that another is a part of, as a cell is of a matrix: jobs within a job number theirs alike. Loads none. */
    @CheckForNull
    static BuildKey ofWhole(@NonNull Run<?, ?> part) {
        if (part.getParent().getParent() instanceof LazyBuildMixIn.LazyLoadingJob<?, ?> job) {
            Run<?, ?> whole =
                    job.getLazyBuildMixIn().getRunMap().getLoadedBuilds().get(part.getNumber());
            return whole == null ? null : of(whole);
        }
        return null;
    }

    /** As it is stored; the same for the same. */
    @NonNull
    String text() {
        return number + "/" + made;
    }
}
