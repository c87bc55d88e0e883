package io.jenkins.plugins.qwiet.lease;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Lets one process at a time use the leases of a home. */
final class HomeLock {
    private static final String FILE = "lock";

    private HomeLock() {}

    /**
     * @return to be closed when another process may have them; the end of this one does the same
     * @throws InUseException if another process has them, or this one already
     */
    static Closeable take(LeaseStore.Parts parts) throws IOException {
        Path file = parts.directory().resolve(FILE);
        String holder = "process " + ProcessHandle.current().pid() + " on "
                + parts.home().machine() + ", since " + parts.clock().instant();
        return parts.disk()
                .lock(file, holder.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> InUseException.of(parts.disk(), file));
    }
}
