package io.jenkins.plugins.qwiet.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A build, as Jenkins has it on its disk. */
final class Build {
    /** A job, which can get another name. */
    static final class Job {
        /** All that it had; a URL that was made with one of before is still its. */
        private final List<String> names = new ArrayList<>();

        /** That of which it is a copy, perhaps at second hand; itself if it is none. */
        private final Job original;

        private String name;
        private int builds;

        Job(String name) {
            original = this;
            rename(name);
        }

        /** A copy of one as it is now. */
        Job(Job other) {
            this.original = other.original;
            this.names.addAll(other.names);
            this.name = other.name;
            this.builds = other.builds;
        }

        /** Whether it is the same, here or in a copy of its home. */
        boolean isSame(Job other) {
            return other != null && original == other.original;
        }

        String name() {
            return name;
        }

        void rename(String other) {
            names.add(other);
            name = other;
        }

        /** Whether a description that a build of it made names it. */
        boolean isIn(String description) {
            return names.stream().anyMatch(each -> description.contains("/" + each + "/"));
        }
    }

    /**
     * A token that was handed to it.
     *
     * @param returnsAt true time when it gives it back; the end of the build if that is later
     */
    record Held(String nonce, String tokenId, long returnsAt) {}

    private final Job job;
    private final int number;
    private final boolean resumes;
    private final long endsAt;
    private final Map<String, Held> held = new LinkedHashMap<>();
    private boolean running = true;

    /**
     * @param resumes whether it goes on after a restart, as Pipelines do
     * @param endsAt true time
     */
    Build(Job job, boolean resumes, long endsAt) {
        this.job = job;
        this.number = ++job.builds;
        this.resumes = resumes;
        this.endsAt = endsAt;
    }

    /** A copy of one as it is now, in a copy of its job. */
    Build(Build other, Job job) {
        this.job = job;
        this.number = other.number;
        this.resumes = other.resumes;
        this.endsAt = other.endsAt;
        held.putAll(other.held);
    }

    Job job() {
        return job;
    }

    String id() {
        return job.name() + "#" + number;
    }

    boolean resumes() {
        return resumes;
    }

    long endsAt() {
        return endsAt;
    }

    boolean isRunning() {
        return running;
    }

    void end() {
        running = false;
    }

    Map<String, Held> held() {
        return held;
    }
}
