package io.jenkins.plugins.qwiet.manage;

import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.audit.TextTable;
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
                DisplayText.line(lease.label(), WIDEST),
                DisplayText.line(lease.buildId(), WIDEST),
                DisplayText.line(lease.organization().orgId(), WIDEST),
                DisplayTime.text(lease.openedAt()),
                DisplayTime.text(lease.expiresAt()),
                StateWords.of(lease.state()),
                DisplayText.line(lease.lastError()))));
    }

    void print(PrintStream out) {
        TextTable.of(rows).forEach(out::println);
    }
}
