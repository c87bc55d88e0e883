package io.jenkins.plugins.qwiet.world;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** A box on the way that keeps lists, and gives them again with the date that they had. */
final class ListCache {
    /** @param date when Qwiet gave it, by its clock */
    record Kept(VirtualQwiet.Reply reply, Instant date) {}

    private record Key(String orgId, String bearer, long after) {
        static Key of(VirtualQwiet.Call call) {
            return new Key(call.orgId(), call.bearer(), call.after());
        }
    }

    private final Map<Key, Kept> kept = new HashMap<>();

    void keep(VirtualQwiet.Call call, Kept list) {
        kept.put(Key.of(call), list);
    }

    /** Null if it has none. */
    Kept of(VirtualQwiet.Call call) {
        return kept.get(Key.of(call));
    }
}
