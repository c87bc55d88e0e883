package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.NaturalOrder;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which rows a reader wants to see, in which order, and from where to where.
 *
 * @param text what label, description, id or build contain, in any case; empty for all
 * @param view which kind
 * @param sort by what; equal rows are in the order of their ids
 * @param descending the other way round
 * @param offset rows to skip, zero or more
 * @param limit rows to give, from 1 to {@value #MAX_LIMIT}
 */
public record RowQuery(
        @NonNull String text, @NonNull View view, @NonNull Sort sort, boolean descending, int offset, int limit) {
    /** Rows of a page. */
    public static final int DEFAULT_LIMIT = 50;
    /** Rows of a page, at most. */
    public static final int MAX_LIMIT = 500;

    public RowQuery {
        offset = Math.max(0, offset);
        limit = Math.max(1, Math.min(MAX_LIMIT, limit));
    }

    /**
     * Reads a query as a request carries it. What is missing or unknown is taken for the default: everything, by label,
     * from the beginning.
     */
    @NonNull
    public static RowQuery parse(String text, String view, String sort, String order, String offset, String limit) {
        return new RowQuery(
                text == null ? "" : text.strip(),
                constant(View.class, view, View.ALL),
                constant(Sort.class, sort, Sort.LABEL),
                "desc".equals(order),
                number(offset, 0),
                number(limit, DEFAULT_LIMIT));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name, E otherwise) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(otherwise);
    }

    private static int number(String text, int otherwise) {
        try {
            return text == null ? otherwise : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Whether there is such a view; null and blank are the view of all. */
    public static boolean isView(@CheckForNull String view) {
        return view == null
                || view.isBlank()
                || Arrays.stream(View.values()).anyMatch(each -> each.name().equalsIgnoreCase(view));
    }

    /** All that match, in order, not by pages. */
    @NonNull
    public List<TokenRow> matching(@NonNull List<TokenRow> rows) {
        String needle = comparable(text);
        Comparator<TokenRow> order = descending ? sort.order.reversed() : sort.order;
        return rows.stream()
                .filter(row -> view.shows(row) && contains(row, needle))
                .sorted(order.thenComparing(TokenRow::id))
                .toList();
    }

    /** Answers it. */
    @NonNull
    public Page of(@NonNull List<TokenRow> rows) {
        List<TokenRow> matching = matching(rows);
        int from = Math.min(offset, matching.size());
        int to = Math.min(from + limit, matching.size());
        return new Page(rows.size(), matching.size(), from, List.copyOf(matching.subList(from, to)));
    }

    private static boolean contains(TokenRow row, String needle) {
        return needle.isEmpty()
                || Stream.of(row.label(), row.userText(), row.id(), row.build() == null ? "" : row.build())
                        .anyMatch(text -> comparable(text).contains(needle));
    }

    /** What looks the same is the same: macOS writes accents apart. */
    private static String comparable(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /**
     * Some rows.
     *
     * @param kept how many rows there are
     * @param matching how many of them match
     * @param offset how many of these come before
     * @param rows those that were wanted
     */
    public record Page(
            int kept, int matching, int offset, @NonNull List<TokenRow> rows) {}

    /** Kinds of tokens. */
    public enum View {
        ALL,
        /** Of CI tokens, as a report counts them. */
        LIVE,
        EXPIRED,
        /** Of CI tokens, as a report counts them. */
        NEVER_EXPIRES,
        MADE_BY_JENKINS,
        THIS_BUILD,
        LEFT_BEHIND;

        boolean shows(TokenRow row) {
            return switch (this) {
                case ALL -> true;
                case LIVE -> row.live() && row.isCi();
                case EXPIRED -> !row.live();
                case NEVER_EXPIRES -> row.neverExpires() && row.isCi();
                case MADE_BY_JENKINS -> row.live() && row.madeBy() != MadeBy.NOT_JENKINS;
                case THIS_BUILD -> row.madeBy() == MadeBy.THIS_BUILD;
                case LEFT_BEHIND -> row.leftBehind();
            };
        }
    }

    /** Columns. */
    public enum Sort {
        LABEL(Comparator.comparing(TokenRow::label, NaturalOrder.INSTANCE)),
        ID(Comparator.comparing(TokenRow::id)),
        TYPE(Comparator.comparing(TokenRow::type)),
        /** What never expires comes last. */
        EXPIRES(Comparator.comparing(TokenRow::expiresAt, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
                .thenComparing(TokenRow::neverExpires)),
        /** Then by the build, so that those of one job follow each other by number. */
        MADE_BY(Comparator.<TokenRow, MadeBy>comparing(TokenRow::madeBy)
                .thenComparing(TokenRow::build, Comparator.nullsLast(NaturalOrder.INSTANCE)));

        private final Comparator<TokenRow> order;

        Sort(Comparator<TokenRow> order) {
            this.order = order;
        }
    }
}
