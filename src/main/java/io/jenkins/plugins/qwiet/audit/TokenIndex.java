package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The live tokens of a list, short-lived ones of running builds aside, as hashes: 64 bits of the id, and 32 of everything else that may change. Two of 100,000 ids
 * share a key once in three thousand million lists. For one thread at a time.
 *
 * <p>Reports store these hashes: whoever changes how they are made must store them under another name.
 */
public final class TokenIndex {
    /** The most tokens that are remembered. */
    static final int MAX = 200_000;
    /** Bytes of a stored token. */
    static final int ENTRY = Long.BYTES + Integer.BYTES;

    private final Map<Long, Integer> contents = new LinkedHashMap<>();
    private boolean complete = true;

    /** Remembers nothing yet. */
    TokenIndex() {}

    /**
     * Remembers a token, unless there are too many.
     *
     * @return false if it was there already; it stays as it was
     */
    boolean add(long key, int content) {
        if (contents.size() == MAX && !contents.containsKey(key)) {
            complete = false;
            return true;
        }
        return contents.putIfAbsent(key, content) == null;
    }

    /** The content of a token; null if it is not remembered. */
    @CheckForNull
    Integer content(long key) {
        return contents.get(key);
    }

    /** How many are remembered. */
    public int size() {
        return contents.size();
    }

    /** Notes that there are tokens that were not listed. */
    void partial() {
        complete = false;
    }

    /** Whether there were no more than can be remembered. */
    boolean complete() {
        return complete;
    }

    /** What a report stores: a byte that tells whether it is complete, then {@value #ENTRY} bytes for each token. */
    @NonNull
    byte[] toBytes() {
        var bytes = ByteBuffer.allocate(1 + size() * ENTRY).put((byte) (complete ? 1 : 0));
        contents.forEach((key, content) -> bytes.putLong(key).putInt(content));
        return bytes.array();
    }

    /** @throws IllegalArgumentException if {@link #toBytes} cannot have made these bytes */
    @NonNull
    static TokenIndex fromBytes(@NonNull byte[] stored) {
        int size = (stored.length - 1) / ENTRY;
        if (stored.length != 1 + size * ENTRY || size > MAX) {
            throw new IllegalArgumentException("not an index of tokens: " + stored.length + " bytes");
        }
        var bytes = ByteBuffer.wrap(stored);
        var index = new TokenIndex();
        index.complete = bytes.get() == 1;
        for (int i = 0; i < size; i++) {
            index.add(bytes.getLong(), bytes.getInt());
        }
        return index;
    }

    /** A hash of an id, which may have been cut as a {@link TokenRow} cuts it. */
    static long key(String id) {
        String kept = DisplayText.cut(id, TokenRow.MAX_ID);
        return (long) kept.hashCode() << Integer.SIZE | crc(kept);
    }

    /** A hash of what may change in a token. */
    static int content(Token token) {
        Instant end = token.expiresAt();
        return (int) crc(token.label()
                + '\0'
                + token.description()
                + '\0'
                + token.roleId()
                + (token.endUnknown() ? "\0?" : "")
                + (end == null ? "" : "\0" + end.getEpochSecond() + '.' + end.getNano()));
    }

    private static long crc(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return crc.getValue();
    }
}
