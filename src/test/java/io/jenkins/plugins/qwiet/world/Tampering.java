package io.jenkins.plugins.qwiet.world;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people and their tools do to the files of leases behind the back of a Jenkins, and what bad disks do to them while
 * none runs. What nobody could keep then is excused; all else has to be kept.
 */
final class Tampering {
    private static final String ABOVE = "qwiet-ci-token";
    private static final String FOLDER = ABOVE + "/leases";
    static final List<String> MARKS = List.of(FOLDER + "/owner.json", FOLDER + "/owner-again.json");
    private static final String LOCK = FOLDER + "/lock";
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");

    private enum Act {
        JOURNALS_DELETED,
        JOURNAL_REPLACED_BY_THE_SAME,
        JOURNAL_REPLACED_BY_A_PART,
        JOURNAL_OVERWRITTEN_WITH_A_PART,
        JOURNAL_OF_A_BACKUP_ADDED,
        MARKS_DELETED,
        MARKS_OVERWRITTEN,
        FOLDER_DELETED,
        FOLDER_ABOVE_DELETED,
        FOLDER_RESTORED,
        LOCK_DELETED,
        HOLDER_DELETED
    }

    private final Installation home;
    private final World world;
    private final Dice dice;
    private final VirtualDisk disk;
    private Map<String, byte[]> backup = new TreeMap<>();
    private boolean planned;
    private int acts;
    /** When somebody did something to the files that no process has seen yet; null if nobody did. */
    private Long unseenSince;

    Tampering(Installation home) {
        this.home = home;
        this.world = home.world();
        this.dice = world.dice();
        this.disk = home.disk();
    }

    static boolean isJournal(String name) {
        return name.startsWith(FOLDER + "/journal-");
    }

    /** Keeps what is there, for a person who will restore it. */
    void backUp() {
        backup = new TreeMap<>();
        disk.names().all().stream()
                .filter(name -> Names.directoryOf(name).equals(FOLDER))
                .forEach(name -> backup.put(name, disk.names().of(name).seen()));
    }

    /** The next operation that a process does on the disk finds it otherwise than the one before. */
    void plan() {
        planned = true;
    }

    /** In the middle of what a process does, perhaps. */
    void now(Timeline.Life life) {
        if (planned && !world.weather().isCalm() || world.weather().tampers()) {
            planned = false;
            if (home.isAlone(life)) {
                act(dice.oneOf(List.of(Act.values())));
            }
        }
    }

    /** Somebody deletes the folder, if one process alone has it. */
    void deleteFolder(Timeline.Life life) {
        if (home.isAlone(life)) {
            act(dice.chance(0.5) ? Act.FOLDER_DELETED : Act.FOLDER_ABOVE_DELETED);
        }
    }

    /** While nobody runs here, one of the two marks is no longer what it was. */
    void damageAMark() {
        String mark = dice.oneOf(MARKS);
        if (disk.names().of(mark) != null) {
            disk.names().of(mark).overwrite(garbage());
            disk.names().settle();
            world.say("damaged", () -> mark);
        }
    }

    private void act(Act act) {
        world.say("tampered", () -> act + " in " + journals());
        acts++;
        unseenSince = world.timeline().now();
        switch (act) {
            case JOURNALS_DELETED -> journals().forEach(disk::unlink);
            case JOURNAL_REPLACED_BY_THE_SAME ->
                journals().forEach(name -> disk.put(name, disk.names().of(name).seen()));
            case JOURNAL_REPLACED_BY_A_PART -> journals().forEach(name -> disk.put(name, part(name)));
            case JOURNAL_OVERWRITTEN_WITH_A_PART ->
                journals().forEach(name -> disk.names().of(name).overwrite(part(name)));
            case JOURNAL_OF_A_BACKUP_ADDED -> addAJournal();
            case MARKS_DELETED -> someMarks().forEach(disk::unlink);
            case MARKS_OVERWRITTEN -> someMarks().forEach(name -> disk.put(name, garbage()));
            case FOLDER_DELETED -> delete(FOLDER);
            case FOLDER_ABOVE_DELETED -> delete(ABOVE);
            case FOLDER_RESTORED -> restore();
            case LOCK_DELETED -> disk.unlink(LOCK);
            case HOLDER_DELETED -> disk.unlink(LOCK + "-holder");
        }
        disk.names().settle();
    }

    /** How often somebody did something to the files. */
    int acts() {
        return acts;
    }

    /** Whether no process has put right yet what somebody did. */
    boolean isUnseen() {
        return unseenSince != null;
    }

    /** A process has looked at the files since that time, on a disk that was well. */
    void lookedAt(long begun) {
        if (unseenSince != null && unseenSince < begun) {
            world.say("in order", () -> "what was tampered with");
            unseenSince = null;
        }
    }

    /**
     * What somebody took away is lost with the process that alone knew it.
     *
     * @param inOrder unless that wrote all of it before
     */
    void processEnded(boolean inOrder) {
        if (unseenSince != null && !inOrder) {
            world.ledger().excuseThoughtOf(home, unseenSince);
            home.whereabouts().mayRest();
        }
        unseenSince = null;
    }

    private List<String> journals() {
        return disk.names().all().stream().filter(Tampering::isJournal).toList();
    }

    private List<String> someMarks() {
        List<String> some = new ArrayList<>(MARKS.subList(dice.below(2), dice.between(1, 2)));
        some.removeIf(name -> disk.names().of(name) == null);
        return some;
    }

    /** Less than all, as an older copy of it has, perhaps from before an administrator took leases over. */
    private byte[] part(String name) {
        home.whereabouts().mayRest();
        byte[] all = disk.names().of(name).seen();
        return Arrays.copyOf(all, all.length == 0 ? 0 : dice.below(all.length));
    }

    private byte[] garbage() {
        return dice.hex(dice.below(100)).getBytes(StandardCharsets.US_ASCII);
    }

    private void delete(String folder) {
        List.copyOf(disk.names().all()).stream()
                .filter(name -> name.equals(folder) || name.startsWith(folder + "/"))
                .forEach(disk::unlink);
    }

    private void restore() {
        if (!backup.isEmpty()) {
            delete(FOLDER);
            disk.makeDirectory(ABOVE);
            disk.makeDirectory(FOLDER);
            backup.forEach(disk::put);
            home.whereabouts().mayRest();
        }
    }

    private void addAJournal() {
        backup.forEach((name, content) -> {
            if (isJournal(name)) {
                disk.put(
                        FOLDER + "/journal-" + (dice.chance(0.5) ? "00000" : "00090") + dice.between(100, 999)
                                + ".jsonl",
                        content);
                home.whereabouts().mayRest();
            }
        });
    }

    /** Bytes in the middle of the files are not what they were, while nobody runs here. */
    void damage() {
        List<String> journals = journals();
        if (!journals.isEmpty()) {
            damage(dice.oneOf(journals));
        }
        if (dice.chance(0.5)) {
            List<String> marks = someMarks();
            marks.forEach(name -> disk.names().of(name).overwrite(garbage()));
            if (marks.size() == MARKS.size()) {
                home.whereabouts().mayRest();
            }
            world.say("damaged", marks::toString);
        }
        disk.names().settle();
    }

    private void damage(String name) {
        Inode inode = disk.names().of(name);
        byte[] whole = inode.seen();
        if (whole.length == 0) {
            return;
        }
        int from = dice.below(whole.length);
        int to = Math.min(whole.length, from + dice.between(0, 200));
        byte[] put = dice.chance(0.3) ? new byte[to - from] : dice.chance(0.5) ? garbage() : new byte[0];
        byte[] damaged = new byte[from + put.length + whole.length - to];
        System.arraycopy(whole, 0, damaged, 0, from);
        System.arraycopy(put, 0, damaged, from, put.length);
        System.arraycopy(whole, to, damaged, from + put.length, whole.length - to);
        inode.overwrite(damaged);
        List<String> lost = noncesIn(whole, from, to);
        world.say("damaged", () -> name + " from " + from + " to " + to + " of " + whole.length + ": " + lost);
        lost.forEach(world.ledger()::excuse);
        if (!lost.isEmpty()) {
            // What is left of them may be of the time before a move.
            home.whereabouts().mayRest();
        }
    }

    /** Of the lines of which something is between these. */
    private static List<String> noncesIn(byte[] lines, int from, int to) {
        int begin = from;
        while (begin > 0 && lines[begin - 1] != '\n') {
            begin--;
        }
        int end = to;
        while (end < lines.length && lines[end] != '\n') {
            end++;
        }
        Matcher nonce = NONCE.matcher(new String(lines, begin, end - begin, StandardCharsets.ISO_8859_1));
        List<String> nonces = new ArrayList<>();
        while (nonce.find()) {
            nonces.add(nonce.group());
        }
        return nonces;
    }
}
