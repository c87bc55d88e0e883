package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * All that an audit leaves behind.
 *
 * @param report what it found
 * @param rows the list, or its first {@value Audit#MAX_ROWS} tokens
 * @param index what the next audit needs to tell the difference
 */
public record AuditResult(
        @NonNull AuditReport report,
        @NonNull List<TokenRow> rows,
        @NonNull TokenIndex index) {
    public AuditResult {
        rows = List.copyOf(rows);
    }
}
