package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The tokens of all builds that hold some, or were given some and are on. A text is looked at by one mask of them all, however
 * many builds there are: Pipeline saves the texts of each program at nearly each step. Safe on any thread.
 */
final class HeldTokens {
    private final Set<BuildMask> holders = ConcurrentHashMap.newKeySet();
    private final AtomicLong changes = new AtomicLong();
    private volatile OfAll ofAll = new OfAll(0, Mask.none());

    /** @param change the last that it knows of */
    private record OfAll(long change, Mask mask) {}

    /** What a build holds or was given is another now, perhaps nothing. */
    void changed(@NonNull BuildMask holder, boolean has) {
        if (has) {
            holders.add(holder);
        } else {
            holders.remove(holder);
        }
        changes.incrementAndGet();
        if (holders.isEmpty()) {
            // There may be no other look for a long time.
            mask();
        }
    }

    boolean isEmpty() {
        return holders.isEmpty();
    }

    void forEach(@NonNull Consumer<BuildMask> action) {
        holders.forEach(action);
    }

    /** Those that stand in a text. */
    @NonNull
    Set<SecretText> in(@NonNull String text) {
        return isEmpty() ? Set.of() : mask().revealedBy(text);
    }

    /** Whether one of them stands in a text. */
    boolean anyIn(@NonNull String text) {
        return !isEmpty() && mask().reveals(text);
    }

    /** Made when it is asked for, so that many changes at once are one. */
    private Mask mask() {
        OfAll known = ofAll;
        if (known.change == changes.get()) {
            return known.mask;
        }
        synchronized (this) {
            long change = changes.get();
            if (ofAll.change != change) {
                var secrets = new LinkedHashMap<SecretText, Mask>();
                holders.forEach(holder -> holder.forEachToHandOn(secrets::put));
                ofAll = new OfAll(change, with(secrets));
            }
            return ofAll.mask;
        }
    }

    private Mask with(Map<SecretText, Mask> secrets) {
        return secrets.isEmpty() ? Mask.none() : ofAll.mask.with(secrets);
    }
}
