package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What builds are called now that had another name when it was written down: whoever starts a build again may give the causes of
 * the first time. Of this process. Safe on any thread.
 */
@Extension
public class FormerNames extends ItemListener {
    /** Jobs that were made, renamed and deleted by a script for years are no reason to keep it all. */
    private static final int KEPT = 10_000;

    private record Move(String from, String to) {
        String follow(String name) {
            boolean follows = name.startsWith(from)
                    && name.length() > from.length()
                    && (name.charAt(from.length()) == '/' || name.charAt(from.length()) == '#');
            return follows ? to + name.substring(from.length()) : name;
        }
    }

    /** The oldest first. */
    private final Deque<Move> moves = new ArrayDeque<>();

    /** That of a build whose name was this one at first, by all that was moved since. */
    @NonNull
    static String now(@NonNull String name) {
        String now = name;
        for (Move move : ExtensionList.lookupSingleton(FormerNames.class).moves()) {
            now = move.follow(now);
        }
        return now;
    }

    private synchronized List<Move> moves() {
        return List.copyOf(moves);
    }

    @Override
    public synchronized void onLocationChanged(
            @NonNull Item item, @NonNull String oldFullName, @NonNull String newFullName) {
        moves.addLast(new Move(oldFullName, newFullName));
        if (moves.size() > KEPT) {
            moves.removeFirst();
        }
    }
}
