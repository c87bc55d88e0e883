package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;

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
        // Rather the one of its name: others may have the same key.
        return Stream.concat(Stream.of(run.getExternalizableId()), UNLOADED.keySet().stream())
                .filter(name -> UNLOADED.containsKey(name)
                        && key.equals(UNLOADED.get(name).key()))
                .findFirst()
                .map(UNLOADED::remove)
                .map(known -> {
                    known.loaded(run);
                    return known;
                })
                .orElseGet(() -> new BuildMask(run));
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
     * What is known at one moment.
     *
     * @param named the masks of builds that have a name now: there may be several, one of them of a job that was deleted or read
     *     from disk again
     * @param on the keys of all builds that are not over: no other holds a token, or gets one
     */
    record Now(Map<String, List<BuildMask>> named, Set<String> on) {
        private void add(String name, BuildMask mask, boolean isOn) {
            named.computeIfAbsent(name, n -> new ArrayList<>()).add(mask);
            BuildKey key = mask.key();
            if (isOn && key != null) {
                on.add(key.text());
            }
        }
    }

    /** Those in memory that are not over, and have printed. */
    @NonNull
    static List<Run<?, ?>> running() {
        List<Run<?, ?>> loaded;
        synchronized (LOADED) {
            loaded = new ArrayList<>(LOADED.keySet());
        }
        loaded.removeIf(run -> !run.isBuilding());
        return loaded;
    }

    /** Loads no build. */
    @NonNull
    static Now now() {
        Map<Run<?, ?>, BuildMask> loaded;
        Map<String, BuildMask> unloaded;
        synchronized (LOADED) {
            loaded = new HashMap<>(LOADED);
            unloaded = Map.copyOf(UNLOADED);
        }
        var now = new Now(new HashMap<>(), new HashSet<>());
        unloaded.forEach((name, mask) -> now.add(name, mask, true));
        loaded.forEach((run, mask) -> now.add(run.getExternalizableId(), mask, run.isBuilding() || mask.holds()));
        return now;
    }

    /** For tests: knows what another process knows that starts. */
    static void forgetAll() {
        synchronized (LOADED) {
            LOADED.clear();
            UNLOADED.clear();
        }
    }
}
