package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;

/**
 * The masks of builds: of those that Jenkins has in memory, and of those that it has not loaded yet, as far as it is known
 * what they hold. Safe on any thread.
 */
public final class KnownBuilds {
    private static final Map<Run<?, ?>, BuildMask> LOADED = new WeakHashMap<>();

    /** By the name of the build. Under the same lock. */
    private static final Map<String, BuildMask> UNLOADED = new HashMap<>();

    private KnownBuilds() {}

    @NonNull
    static BuildMask mask(@NonNull Run<?, ?> run) {
        synchronized (LOADED) {
            return LOADED.computeIfAbsent(run, KnownBuilds::newlyLoaded);
        }
    }

    private static BuildMask newlyLoaded(Run<?, ?> run) {
        BuildKey key = BuildKey.of(run);
        for (var unloaded : UNLOADED.entrySet()) {
            BuildMask known = unloaded.getValue();
            if (key.equals(known.key())) {
                UNLOADED.remove(unloaded.getKey());
                known.loaded(run);
                return known;
            }
        }
        return new BuildMask(run);
    }

    /**
     * Hides what a build holds that Jenkins has not loaded yet, wherever that has to be hidden. When it is loaded, that goes on
     * with what it holds then.
     *
     * @param name as {@link Run#getExternalizableId} gives it
     */
    public static void hideOfUnloaded(
            @NonNull String name,
            @NonNull BuildKey key,
            @NonNull Charset charset,
            @NonNull Collection<SecretText> secrets) {
        var mask = new BuildMask(key, charset);
        synchronized (LOADED) {
            UNLOADED.put(name, mask);
        }
        mask.hide(secrets);
    }

    /** Such a build holds nothing any more, and may never be loaded. */
    public static void forgetUnloaded(@NonNull String name) {
        BuildMask mask;
        synchronized (LOADED) {
            mask = UNLOADED.remove(name);
        }
        if (mask != null) {
            mask.hide(List.of());
        }
    }

    /**
     * The keys of builds that have these names now, and of those that started them. Those that are over are left out: they hold
     * no token, and get none. Loads none.
     */
    @NonNull
    static Set<String> withThoseBefore(@NonNull Set<String> names) {
        Map<Run<?, ?>, BuildMask> loaded;
        Map<String, BuildMask> named;
        synchronized (LOADED) {
            loaded = new HashMap<>(LOADED);
            named = new HashMap<>(UNLOADED);
        }
        Set<String> over = new HashSet<>();
        loaded.forEach((run, mask) -> {
            String name = run.getExternalizableId();
            if (names.contains(name)) {
                named.put(name, mask);
            }
            if (!run.isBuilding() && !mask.holds()) {
                over.add(BuildKey.of(run).text());
            }
        });
        named.keySet().retainAll(names);
        Set<String> found = new TreeSet<>();
        for (BuildMask mask : named.values()) {
            BuildKey key = mask.key();
            if (key != null) {
                found.add(key.text());
            }
            found.addAll(mask.startedBy().builds());
        }
        found.removeAll(over);
        return found;
    }

    /** For tests: knows what another process knows that starts. */
    static void forgetAll() {
        synchronized (LOADED) {
            LOADED.clear();
            UNLOADED.clear();
        }
    }
}
