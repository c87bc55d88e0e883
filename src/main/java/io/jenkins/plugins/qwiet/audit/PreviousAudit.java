package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.function.Consumer;

/** An earlier audit, to tell the difference from. Read once for each audit; never kept in memory whole. */
public interface PreviousAudit {
    /** What it found. */
    @NonNull
    AuditReport report() throws IOException;

    /** The live tokens it saw. */
    @NonNull
    TokenIndex index() throws IOException;

    /** Gives every row that is kept of it. */
    void rows(@NonNull Consumer<TokenRow> each) throws IOException;
}
