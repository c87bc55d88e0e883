package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * What an agent hides in the logs that it writes of one build: the latest that it heard of. Lives in the agent's process,
 * and no longer than those logs. Safe on any thread.
 */
final class AgentMask {
    private static final Map<String, WeakReference<AgentMask>> OF_BUILDS = new HashMap<>();

    private int moment = -1;
    private volatile Mask mask = Mask.none();

    /** For a log that is being opened. */
    @NonNull
    static AgentMask of(@NonNull HiddenTexts texts) {
        synchronized (OF_BUILDS) {
            OF_BUILDS.values().removeIf(each -> each.get() == null);
            var known = OF_BUILDS.get(texts.build());
            AgentMask mask = known == null ? null : known.get();
            if (mask == null) {
                mask = new AgentMask();
                OF_BUILDS.put(texts.build(), new WeakReference<>(mask));
            }
            mask.update(texts);
            return mask;
        }
    }

    /** For those that are open. */
    static void learn(@NonNull HiddenTexts texts) {
        synchronized (OF_BUILDS) {
            var known = OF_BUILDS.get(texts.build());
            AgentMask mask = known == null ? null : known.get();
            if (mask != null) {
                mask.update(texts);
            }
        }
    }

    private void update(HiddenTexts texts) {
        // Messages may overtake each other.
        if (texts.moment() > moment) {
            moment = texts.moment();
            mask = texts.mask();
        }
    }

    @NonNull
    Mask mask() {
        return mask;
    }
}
