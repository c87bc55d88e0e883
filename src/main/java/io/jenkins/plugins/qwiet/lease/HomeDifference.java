package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.lease.HomeMark.Sign;
import io.jenkins.plugins.qwiet.lease.HomeMark.Steady;

/**
 * What tells a home from another one.
 *
 * @param by the sign
 * @param why it is another: goes on from "these leases rest, because", in words for a person
 */
record HomeDifference(Sign by, String why) {
    /** Null if this is the same place, as far as can be told. */
    @CheckForNull
    static HomeDifference of(HomeMark.Owner before, Home home, String directoryId) {
        HomeDifference difference = of(before.home(), home, before.machine() == Steady.YES);
        if (difference != null || !differ(directoryId, before.directoryId())) {
            return difference;
        } else if (before.directory() == Steady.YES) {
            return new HomeDifference(
                    Sign.DIRECTORY, "their directory is not the one that they were written in, but a copy of it");
        }
        // Each may change by itself; a copy on another machine changes both at once.
        HomeDifference elsewhere = before.directory() == Steady.NO ? null : of(before.home(), home, true);
        return elsewhere == null ? null : new HomeDifference(Sign.MACHINE_AND_DIRECTORY, elsewhere.why());
    }

    /** Why an owner that was told from a later one is not this one: that later one may have been at another place. */
    static String whyNow(HomeMark.Former noticed, Home home) {
        if (noticed.by() == Sign.DIRECTORY || noticed.by() == Sign.NONE) {
            return noticed.why();
        }
        HomeDifference now = of(noticed.home(), home, true);
        return now == null
                ? "they were written here, but their files were used at another place since then"
                : now.why();
    }

    @CheckForNull
    private static HomeDifference of(Home its, Home home, boolean machineCounts) {
        if (differ(home.path(), its.path())) {
            return new HomeDifference(Sign.PATH, "they were written at " + its.path() + ", and this is " + home.path());
        } else if (differ(home.instance(), its.instance())) {
            return new HomeDifference(Sign.INSTANCE, "they were written by a Jenkins with another instance identity");
        } else if (machineCounts && Home.differ(home.machine(), its.machine())) {
            return new HomeDifference(
                    Sign.MACHINE,
                    "they were written on \"" + its.machine() + "\", and this is \"" + home.machine() + "\"");
        }
        return null;
    }

    private static boolean differ(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }
}
