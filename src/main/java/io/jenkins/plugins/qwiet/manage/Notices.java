package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** What a page says of an administrator's acts, with a view of its own. */
public record Notices(@NonNull List<Notice> all) {
    public Notices {
        all = List.copyOf(all);
    }
}
