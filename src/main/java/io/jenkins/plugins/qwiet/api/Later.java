package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/** Runs something later. */
public interface Later {
    /**
     * Schedules a task, which does not block.
     *
     * @param delay zero for at once
     * @return gives up waiting, if the task did not begin yet
     */
    @NonNull
    Runnable schedule(@NonNull Runnable task, @NonNull Duration delay);
}
