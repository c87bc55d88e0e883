package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.NaturalOrder;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * In which order open tokens are listed, over all pages.
 *
 * @param column null for what needs attention first
 * @param descending the other way round
 */
public record OpenTokenSort(@CheckForNull Column column, boolean descending) {
    static final OpenTokenSort NONE = new OpenTokenSort(null, false);

    /** What can be sorted by. */
    public enum Column {
        TOKEN(Comparator.comparing(Lease::label, NaturalOrder.INSTANCE)),
        BUILD(Comparator.comparing(Lease::buildId, NaturalOrder.INSTANCE)),
        ORGANIZATION(Comparator.comparing(lease -> lease.organization().orgId())),
        MINTED(Comparator.comparing(Lease::openedAt)),
        /** What has no end, or none that is known, comes last. */
        EXPIRES(Comparator.comparing(Lease::expiresAt, Comparator.nullsLast(Comparator.naturalOrder()))),
        STATE(Comparator.comparing(Lease::state));

        private final Comparator<Lease> order;

        Column(Comparator<Lease> order) {
            this.order = order;
        }
    }

    /** From the parameters of a request; what is missing or unknown means no order of its own. */
    @NonNull
    static OpenTokenSort parse(@CheckForNull String column, @CheckForNull String order) {
        return Arrays.stream(Column.values())
                .filter(each -> each.name().equalsIgnoreCase(column))
                .findFirst()
                .map(each -> new OpenTokenSort(each, "desc".equals(order)))
                .orElse(NONE);
    }

    /** Equal ones stay in the order in which they come. */
    @NonNull
    List<Lease> of(@NonNull List<Lease> leases) {
        if (column == null) {
            return leases;
        }
        return leases.stream()
                .sorted(descending ? column.order.reversed() : column.order)
                .toList();
    }

    /** What follows in the query of a page's URL. */
    @NonNull
    String query() {
        return column == null ? "" : "&sort=" + column + "&order=" + (descending ? "desc" : "asc");
    }

    /** By that column, upwards first and downwards then. */
    @NonNull
    OpenTokenSort next(@NonNull Column by) {
        return new OpenTokenSort(by, column == by && !descending);
    }
}
