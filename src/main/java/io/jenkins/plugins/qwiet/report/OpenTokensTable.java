package io.jenkins.plugins.qwiet.report;

import io.jenkins.plugins.qwiet.audit.AlignedRows;
import io.jenkins.plugins.qwiet.audit.Harmless;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The open leases as an aligned table of text. */
final class OpenTokensTable {
    private static final int WIDEST = 60;
    private static final List<String> HEAD =
            List.of("LABEL", "BUILD", "ORGANIZATION", "MINTED", "EXPIRES", "STATE", "LAST ERROR");

    private final List<List<String>> rows = new ArrayList<>();

    OpenTokensTable(List<Lease> leases) {
        rows.add(HEAD);
        leases.forEach(lease -> rows.add(List.of(
                Harmless.line(lease.label(), WIDEST),
                Harmless.line(lease.buildId(), WIDEST),
                Harmless.line(lease.organization().orgId(), WIDEST),
                Moment.text(lease.openedAt()),
                Moment.text(lease.expiresAt()),
                StateWords.of(lease.state()),
                Harmless.line(lease.lastError()))));
    }

    void print(PrintStream out) {
        AlignedRows.of(rows).forEach(out::println);
    }
}
