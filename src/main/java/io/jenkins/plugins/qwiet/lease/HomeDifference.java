package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Texts;
import io.jenkins.plugins.qwiet.lease.HomeMark.Sign;
import io.jenkins.plugins.qwiet.lease.HomeMark.Steady;

/**
 * What tells a home from another one.
 *
 * @param by the sign
 * @param why it is another: a clause for a person, without a full stop
 */
record HomeDifference(Sign by, String why) {
    private static final Texts TEXTS = Texts.of(HomeDifference.class);
    /** Null if this is the same place, as far as can be told. */
    @CheckForNull
    static HomeDifference of(HomeMark.Owner before, Home home, String directoryId) {
        HomeDifference difference = of(before.home(), home, before.machine() == Steady.YES);
        if (difference != null || !differ(directoryId, before.directoryId())) {
            return difference;
        } else if (before.directory() == Steady.YES) {
            return new HomeDifference(Sign.DIRECTORY, TEXTS.get("HomeDifference.directory"));
        }
        // Each may change by itself; a copy on another machine changes both at once.
        HomeDifference elsewhere = before.directory() == Steady.NO ? null : of(before.home(), home, true);
        return elsewhere == null ? null : new HomeDifference(Sign.MACHINE_AND_DIRECTORY, elsewhere.why());
    }

    /** Why leases rest of whose owner nothing is known. */
    static String ofUnknown() {
        return TEXTS.get("HomeDifference.unknown");
    }

    /** Why an owner that was told from a later one is not this one: that later one may have been at another place. */
    static String whyNow(HomeMark.Former noticed, Home home) {
        if (noticed.by() == Sign.DIRECTORY || noticed.by() == Sign.NONE) {
            return noticed.why();
        }
        HomeDifference now = of(noticed.home(), home, true);
        return now == null ? TEXTS.get("HomeDifference.usedElsewhere") : now.why();
    }

    @CheckForNull
    private static HomeDifference of(Home its, Home home, boolean machineCounts) {
        if (differ(home.path(), its.path())) {
            return new HomeDifference(Sign.PATH, TEXTS.get("HomeDifference.path", its.path(), home.path()));
        } else if (differ(home.instance(), its.instance())) {
            return new HomeDifference(Sign.INSTANCE, TEXTS.get("HomeDifference.instance"));
        } else if (machineCounts && Home.differ(home.machine(), its.machine())) {
            return new HomeDifference(Sign.MACHINE, TEXTS.get("HomeDifference.machine", its.machine(), home.machine()));
        }
        return null;
    }

    private static boolean differ(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }
}
