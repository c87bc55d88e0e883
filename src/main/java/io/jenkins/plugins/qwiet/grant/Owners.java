package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Which tokens of a build have a claim to a variable. A variable for a token and one for its organization are the same here:
 * both follow the token that binds them.
 *
 * @param all of the build, the oldest first
 */
record Owners(@NonNull List<TokenRecord> all) {
    private static final Comparator<TokenRecord> WHEN_BOUND = Comparator.comparingLong(
                    (TokenRecord each) -> each.line().boundAt())
            .thenComparing(TokenRecord::lineSince)
            .thenComparingInt(TokenRecord::number);

    /** Of all its tokens, whether they live or not; without regard to case. */
    @NonNull
    Set<String> variables() {
        Set<String> variables = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.forEach(each -> variables.addAll(List.of(each.variable(), each.orgVariable())));
        return variables;
    }

    /** Whether it is, or ever was, the value of a token of this variable. */
    boolean isToken(@NonNull String variable, @NonNull String value) {
        String mark = Marks.of(value);
        return !value.isEmpty()
                && all.stream()
                        .anyMatch(each -> each.holds(variable)
                                && (each.hasValue(value) || each.line().values().contains(mark)));
    }

    /** Whether it is, or ever was, what a token of the build put into this variable: then it is nobody's word. */
    boolean isOwn(@NonNull String variable, @CheckForNull String value) {
        if (value == null || value.isEmpty()) {
            return false;
        }
        String mark = Marks.of(value);
        return all.stream().anyMatch(each -> each.putsOrPut(variable, value, mark));
    }

    /** The one of them that holds a variable: the first that stands there; if none does, the first that is not over. Else null. */
    @CheckForNull
    static TokenRecord holding(@NonNull List<TokenRecord> inTurn, @NonNull String variable, @NonNull Instant now) {
        return inTurn.stream()
                .filter(each -> each.isCurrent() && !each.isDead(now) || isLeft(each, inTurn, variable, now))
                .findFirst()
                .or(() -> inTurn.stream().filter(TokenRecord::isCurrent).findFirst())
                .orElse(null);
    }

    /** Whether another took only the variable of a token, and its organization's ID is left in this one: it lives. */
    static boolean isLeft(
            @NonNull TokenRecord token,
            @NonNull List<TokenRecord> inTurn,
            @NonNull String variable,
            @NonNull Instant now) {
        // All of these name it: what took the token's variable before it in turn has this one, too, or had it.
        return token.isSuperseded()
                && !token.holds(variable)
                && !token.isDead(now)
                && inTurn.stream()
                        .takeWhile(each -> !each.equals(token))
                        .noneMatch(each -> each.holds(token.variable()));
    }

    /** What the environment of the build itself has in their variables, as these were asked for. */
    @NonNull
    Map<String, String> shown(boolean isFreestyle, @NonNull Instant now) {
        Map<String, String> shown = new TreeMap<>();
        for (String variable : variables()) {
            TokenRecord token = holding(
                    isFreestyle ? everSeenInFreestyle(variable, each -> false) : everSeen(variable), variable, now);
            // A binding of a freestyle build puts its own there.
            if (token != null && token.use() != Use.HELD) {
                shown.put(token.spelling(variable), token.valueIn(variable));
            }
        }
        return shown;
    }

    /** Those that are current and have just this in a variable that they name. */
    @NonNull
    Stream<TokenRecord> showing(@NonNull String variable, @CheckForNull String value) {
        return all.stream()
                .filter(each -> each.isCurrent()
                        && each.names(variable)
                        && value != null
                        && value.equals(each.valueIn(variable)));
    }

    /** The one of a line that is current; if it is over, the last one that was. */
    @NonNull
    Optional<TokenRecord> last(@NonNull String lineId) {
        return current(lineId)
                .or(() -> all.stream()
                        .filter(each -> each.lineId().equals(lineId) && each.use() != Use.COMING)
                        .max(WHEN_BOUND));
    }

    /** Those for the rest of the build that would stand in it now if they lived, the one that was bound last first. */
    @NonNull
    List<TokenRecord> everSeen(@NonNull String variable) {
        return bound(variable)
                .filter(each -> each.use() != Use.COMING)
                .sorted(WHEN_BOUND.reversed())
                .toList();
    }

    @NonNull
    Optional<TokenRecord> current(@NonNull String lineId) {
        return TokenChanges.current(all, lineId);
    }

    /** Those for the rest of the build that stand in it now, the one that was bound last first. */
    @NonNull
    List<TokenRecord> seen(@NonNull String variable) {
        return all.stream()
                .filter(each -> each.isSeen() && each.names(variable))
                .sorted(WHEN_BOUND.reversed())
                .toList();
    }

    /**
     * Those that would stand in it now, if they lived, for the processes of a build that is no Pipeline, the one that was bound
     * last first: a binding of such a build is around all of its steps, so what a step binds came later.
     *
     * @param isGivenBack whether a binding ended by itself: what a step bound is for the rest of the build, but a binding only
     *     until then
     */
    @NonNull
    List<TokenRecord> everSeenInFreestyle(@NonNull String variable, @NonNull Predicate<TokenRecord> isGivenBack) {
        return all.stream()
                .filter(each -> each.use() != Use.COMING
                        && (each.line().isBound() || each.line().fixed() && !isGivenBack.test(each)))
                .filter(each -> each.names(variable))
                .sorted(WHEN_BOUND.reversed())
                .toList();
    }

    /** The last one for the rest of the build that was bound to it, whether it lives or not; null if none ever was. */
    @CheckForNull
    TokenRecord lastBound(@NonNull String variable) {
        return bound(variable).max(WHEN_BOUND).orElse(null);
    }

    /** The lines of the blocks and bindings that are open around a node of a Pipeline. */
    @NonNull
    List<String> linesAround(@CheckForNull FlowNode at) {
        Set<Long> blocks = at == null ? Set.of() : OpenBlocks.around(at);
        return all.stream()
                .filter(each -> blocks.contains(each.line().block()))
                .map(TokenRecord::lineId)
                .distinct()
                .toList();
    }

    /** Whether a line was bound later than a token, or is its own. */
    boolean isSince(@CheckForNull String lineId, @NonNull TokenRecord token) {
        return lineId != null
                && (lineId.equals(token.lineId())
                        || all.stream()
                                .anyMatch(each -> each.lineId().equals(lineId) && WHEN_BOUND.compare(each, token) > 0));
    }

    /** Whether it stood in a variable of a build that is no Pipeline when a token was bound to that. */
    boolean wasBefore(@NonNull String variable, @NonNull String value) {
        String mark = Marks.of(value);
        return bound(variable).anyMatch(each -> each.line().before().contains(mark));
    }

    private Stream<TokenRecord> bound(String variable) {
        return all.stream().filter(each -> each.line().isBound() && each.names(variable));
    }
}
