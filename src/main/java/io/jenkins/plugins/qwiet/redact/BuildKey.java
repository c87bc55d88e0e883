package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;

/**
 * What a build is known by whatever its job is called, also after a restart. Its name is no such thing: another build may have
 * it later.
 *
 * @param number within its job
 * @param made in milliseconds since the epoch
 * @param queueId of its item in the queue
 */
public record BuildKey(int number, long made, long queueId) {
    @NonNull
    static BuildKey of(@NonNull Run<?, ?> run) {
        return new BuildKey(run.getNumber(), run.getTimeInMillis(), run.getQueueId());
    }

    /** As it is stored; the same for the same. */
    @NonNull
    String text() {
        return number + "/" + made + "/" + queueId;
    }
}
