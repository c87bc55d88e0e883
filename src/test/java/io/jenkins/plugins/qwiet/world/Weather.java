package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.fake.Meddling;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What goes wrong in a world, and how often. Each world has kinds of its own: where everything fails a little, the rare
 * order of two events is never seen.
 */
final class Weather {
    private static final List<Double> OFTEN = List.of(0.0, 0.01, 0.05, 0.15, 0.4, 0.7);

    private final Dice dice;
    private final List<Meddling> meddlings = new ArrayList<>();
    private final double meddling;
    private final double qwietBreaks;
    private final double qwietBreaksAfterwards;
    private final double kills;
    private final double powerLoss;
    private final double diskFails;
    private final double keepsLists;
    private final boolean cachesTellTheTime;
    private final ListCache listCache = new ListCache();
    private final boolean clocks;
    private final boolean people;
    private final double scanned;
    private final double damages;
    private final double tampering;
    private final double crosses;
    private final boolean locksHold;
    private final boolean mountsRenumber;
    private final int smallestLimit;
    private final Map<Operation, Deque<Meddling>> next = new EnumMap<>(Operation.class);
    private boolean calm;
    private boolean crossNext;
    private Meddling outage;

    Weather(Dice dice) {
        this.dice = dice;
        for (Meddling each : Meddling.values()) {
            if (each != Meddling.NONE && dice.chance(0.4)) {
                meddlings.add(each);
            }
        }
        meddling = meddlings.isEmpty() ? 0 : dice.oneOf(OFTEN);
        qwietBreaks = dice.chance(0.3) ? dice.oneOf(OFTEN) : 0;
        qwietBreaksAfterwards = dice.chance(0.3) ? dice.oneOf(OFTEN) : 0;
        kills = dice.chance(0.5) ? dice.oneOf(List.of(0.002, 0.01, 0.05)) : 0;
        powerLoss = dice.oneOf(List.of(0.0, 0.5, 1.0));
        diskFails = dice.chance(0.4) ? dice.oneOf(List.of(0.005, 0.03, 0.2)) : 0;
        cachesTellTheTime = dice.chance(0.2);
        keepsLists = cachesTellTheTime ? 0.95 : dice.chance(0.2) ? dice.oneOf(OFTEN) : 0;
        clocks = dice.chance(0.5);
        people = dice.chance(0.5);
        scanned = dice.chance(0.1) ? 0.3 : 0;
        damages = dice.chance(0.1) ? 0.4 : 0;
        tampering = dice.chance(0.15) ? dice.oneOf(List.of(0.0, 0.001, 0.01)) : 0;
        locksHold = !dice.chance(0.08);
        mountsRenumber = dice.chance(0.05);
        smallestLimit = dice.oneOf(List.of(1, 3_000, 3_000, 20_000));
        crosses = dice.chance(0.1) ? dice.oneOf(List.of(0.05, 0.2, 0.5)) : 0;
    }

    String describe() {
        return "meddling " + meddling + " " + meddlings + ", Qwiet breaks " + qwietBreaks + " and "
                + qwietBreaksAfterwards
                + ", lists are kept " + keepsLists + ", kills " + kills + " (power " + powerLoss + "), disk fails "
                + diskFails + ", clocks jump " + clocks
                + ", people change things " + people + ", files are scanned " + scanned + ", damaged " + damages
                + ", tampered with " + tampering + ", answers crossed " + crosses + (locksHold ? "" : ", no locks")
                + (mountsRenumber ? ", each mount gives directories other numbers" : "")
                + ", journals may have " + smallestLimit + " bytes";
    }

    /** From now on all goes well. */
    void calmDown() {
        calm = true;
        outage = null;
        next.clear();
    }

    boolean isCalm() {
        return calm;
    }

    /** For a while, this happens to each call. */
    void outage(Meddling kindOrNull) {
        outage = calm ? null : kindOrNull;
    }

    Meddling anOutage() {
        return dice.oneOf(List.of(
                Meddling.NO_CONNECTION,
                Meddling.CUT_BEFORE,
                Meddling.SILENT_BEFORE,
                Meddling.SILENT_AFTER,
                Meddling.ANSWERED_BEFORE,
                Meddling.ANSWERED_AFTER,
                Meddling.TURNED_AWAY,
                Meddling.PAGED));
    }

    /** What happens to the next calls of a kind, one after the other, whatever else goes on. */
    void next(Operation operation, List<Meddling> kinds) {
        if (!calm) {
            next.computeIfAbsent(operation, o -> new ArrayDeque<>()).addAll(kinds);
        }
    }

    Meddling meddling(VirtualQwiet.Call call) {
        Deque<Meddling> planned = next.get(call.operation());
        if (planned != null && !planned.isEmpty()) {
            return planned.remove();
        }
        boolean list = call.operation() == Operation.LIST;
        // Only lists come in pages.
        if (outage != null && (list || outage != Meddling.PAGED)) {
            return outage;
        }
        Meddling kind = dice.chance(now(meddling)) ? dice.oneOf(meddlings) : Meddling.NONE;
        return kind == Meddling.PAGED && !list ? Meddling.NONE : kind;
    }

    boolean qwietBreaks(VirtualQwiet.Call call) {
        return dice.chance(now(qwietBreaks));
    }

    boolean qwietBreaksAfterwards(VirtualQwiet.Call call) {
        return dice.chance(now(qwietBreaksAfterwards));
    }

    ListCache listCache() {
        return listCache;
    }

    /** Whether caches keep lists in this world. */
    boolean keepLists() {
        return keepsLists > 0;
    }

    /** Whether a cache gives the last list again. */
    boolean keepsLists() {
        return dice.chance(now(keepsLists));
    }

    /** Whether what a cache had kept has the date of now, and no sign of it. */
    boolean cachesTellTheTime() {
        return cachesTellTheTime;
    }

    boolean kills() {
        return dice.chance(now(kills));
    }

    boolean losesPower() {
        return dice.chance(powerLoss);
    }

    boolean diskFails() {
        return dice.chance(now(diskFails));
    }

    /** Whether a disk takes whatever is written to it, in this world. */
    boolean disksAreGood() {
        return diskFails == 0 && scanned == 0;
    }

    /** Whether something on the way gives the answer to a creation to another one too. */
    boolean crosses() {
        boolean planned = crossNext && !calm;
        crossNext = false;
        return planned || dice.chance(now(crosses));
    }

    /** The next answer to a creation is another's, if there is another. */
    void crossNext() {
        crossNext = true;
    }

    boolean diskFillsUp() {
        return diskFails > 0 && !calm && dice.chance(0.3);
    }

    /** Whether another process has a file open in a way that lets nobody rename or delete it. */
    boolean isScanned() {
        return dice.chance(now(scanned));
    }

    /** Whether something in the files is not what it was when a process starts. */
    boolean damages() {
        return dice.chance(now(damages));
    }

    /** Whether a person does something to the files right now, in the middle of what a process does to them. */
    boolean tampers() {
        return dice.chance(now(tampering));
    }

    /** Whether the file system knows locks. */
    boolean locksHold() {
        return locksHold;
    }

    /** Whether what the file system knows a directory by is another after each start. */
    boolean mountsRenumber() {
        return mountsRenumber;
    }

    /** Bytes of a journal, before which it is not made smaller. */
    int smallestLimit() {
        return smallestLimit;
    }

    boolean clocksJump() {
        return clocks && !calm;
    }

    boolean peopleChangeThings() {
        return people && !calm;
    }

    private double now(double probability) {
        return calm ? 0 : probability;
    }
}
