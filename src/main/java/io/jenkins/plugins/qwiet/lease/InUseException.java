package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another process uses the leases of this home; the message says which, as far as that can be seen. */
public final class InUseException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 300;
    private static final Texts TEXTS = Texts.of(InUseException.class);

    private InUseException(String message) {
        super(message);
    }

    static InUseException of(Disk disk, Path lock) {
        String holder;
        try {
            holder = new String(disk.read(Disk.holderOf(lock)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            holder = "";
        }
        return new InUseException(
                holder.isBlank()
                        ? TEXTS.get("InUseException.unknown", lock)
                        : TEXTS.get("InUseException.process", fit(holder), lock));
    }

    /** As much as is worth showing of what a process said of itself. */
    static String fit(String holder) {
        return holder.substring(0, Math.min(LONGEST, holder.length()));
    }
}
