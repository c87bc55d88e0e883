package io.jenkins.plugins.qwiet.build;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What must be hidden in one build's log at this moment. A log that was opened before a token was minted hides it too,
 * because it looks here at every write. Safe on any thread.
 */
final class BuildMask {
    private static final Map<Run<?, ?>, BuildMask> OF_BUILDS = new WeakHashMap<>();

    private final Charset charset;
    private volatile Mask mask = Mask.none();
    private volatile List<SecretText> hidden = List.of();

    private BuildMask(Charset charset) {
        this.charset = charset;
    }

    @NonNull
    static BuildMask of(@NonNull Run<?, ?> run) {
        synchronized (OF_BUILDS) {
            return OF_BUILDS.computeIfAbsent(run, r -> new BuildMask(r.getCharset()));
        }
    }

    void hide(Collection<SecretText> secrets) {
        var now = List.copyOf(secrets);
        if (!now.equals(hidden)) {
            hidden = now;
            mask = now.isEmpty() ? Mask.none() : Mask.of(now, charset);
        }
    }

    Mask mask() {
        return mask;
    }

    List<SecretText> hidden() {
        return hidden;
    }
}
