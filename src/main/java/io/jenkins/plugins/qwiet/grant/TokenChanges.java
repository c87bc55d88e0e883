package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the list of a build's tokens, the oldest first, changes when one of them takes the place of another or is gone. */
final class TokenChanges {
    private TokenChanges() {}

    /** The one that whoever holds the line gets now; empty if its use is over. */
    @NonNull
    static Optional<TokenRecord> current(List<TokenRecord> list, String lineId) {
        return list.stream()
                .filter(each -> each.isCurrent() && each.lineId().equals(lineId))
                .reduce((older, newer) -> newer);
    }

    /**
     * Lets later steps see a token.
     *
     * @param before what was there so far
     * @param branches of the build, in some of which the ones before it may still be seen
     * @return the ones of which it takes the variable, the oldest first
     */
    @NonNull
    static List<TokenRecord> bind(List<TokenRecord> list, IssuedToken token, Before before, Branches branches) {
        long at = before.node() == 0 ? turn(list) : before.node();
        // It may have been renewed on its way.
        String bound = current(list, token.nonce).map(TokenRecord::nonce).orElse(token.nonce);
        list.replaceAll(each -> each.nonce().equals(bound)
                ? each.bind(before.marks(), at)
                : each.use() == Use.HELD && each.lineId().equals(token.nonce) ? each.in(Use.SUPERSEDED) : each);
        List<TokenRecord> older = supersede(list, branches);
        List<String> marks = Stream.concat(
                        before.marks().stream(),
                        older.stream().map(each -> Marks.ofLine(each.lineId())).distinct())
                .toList();
        list.replaceAll(each -> each.nonce().equals(bound) ? each.bind(marks, at) : each);
        return older;
    }

    /** In a build that is no Pipeline; a clock may be put back meanwhile. */
    private static long turn(List<TokenRecord> list) {
        return 1 + list.stream().mapToLong(each -> each.line().boundAt()).max().orElse(0);
    }

    /**
     * As before {@link #bind}: what it took the place of is there again, but for what was over since.
     *
     * @param ended lines that nobody holds any more
     */
    static void unbind(List<TokenRecord> list, String lineId, Branches branches, Set<String> ended) {
        TokenRecord bound = new Owners(List.copyOf(list)).last(lineId).orElse(null);
        if (bound == null || !bound.line().isBound()) {
            return;
        }
        Set<String> marks = Set.copyOf(bound.line().before());
        list.replaceAll(each -> each.lineId().equals(lineId)
                ? each.unbound(each == bound ? Use.HELD : each.use())
                : marks.contains(Marks.ofLine(each.lineId()))
                                && !ended.contains(each.lineId())
                                && each.isSuperseded()
                                && isLastOfItsLine(each, list)
                        ? each.in(Use.REST)
                        : each);
        supersede(list, branches);
    }

    private static boolean isLastOfItsLine(TokenRecord token, List<TokenRecord> list) {
        return list.stream()
                .noneMatch(each -> each.use() != Use.COMING
                        && each.lineId().equals(token.lineId())
                        && each.number() > token.number());
    }

    /**
     * Lets go of those for the rest of the build that no step sees any more.
     *
     * @return these, the oldest first
     */
    @NonNull
    static List<TokenRecord> supersede(List<TokenRecord> list, Branches branches) {
        Map<String, List<TokenRecord>> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        var owners = new Owners(List.copyOf(list));
        list.stream()
                .filter(TokenRecord::isSeen)
                .map(TokenRecord::variable)
                .forEach(variable -> seen.computeIfAbsent(
                        variable,
                        name -> owners.seen(name).stream()
                                .filter(each -> each.holds(name))
                                .toList()));
        Set<String> unseen = seen.values().stream()
                .filter(some -> some.size() > 1)
                .flatMap(some -> branches.unseen(some).stream())
                .collect(Collectors.toSet());
        List<TokenRecord> older =
                list.stream().filter(each -> unseen.contains(each.nonce())).toList();
        list.replaceAll(each -> unseen.contains(each.nonce()) ? each.in(Use.SUPERSEDED) : each);
        return older;
    }

    /**
     * The one whose value it is. If that is forgotten, the last one of its line; empty if it is the value of no token of the
     * build.
     */
    @NonNull
    static Optional<TokenRecord> withValue(List<TokenRecord> list, String value) {
        Optional<TokenRecord> living =
                list.stream().filter(each -> each.hasValue(value)).findFirst();
        if (living.isPresent() || list.isEmpty() || value.isEmpty()) {
            return living;
        }
        String mark = Marks.of(value);
        return list.stream().filter(each -> each.line().values().contains(mark)).reduce((older, newer) -> newer);
    }

    /** Keeps in mind what a step holds a copy of. */
    static void asked(List<TokenRecord> list, String lineId, String value) {
        String mark = Marks.of(value);
        list.replaceAll(each ->
                each.lineId().equals(lineId) && each.line().values().contains(mark) ? each.knowing(mark) : each);
    }

    /**
     * One whose variable another took has a successor that is as little seen: it may yet be there again.
     *
     * @return false if nobody holds the line any more
     */
    static boolean succeed(List<TokenRecord> list, String nonce, Set<String> ended) {
        Optional<TokenRecord> older = list.stream()
                .filter(each -> each.nonce().equals(nonce) && each.use() == Use.COMING && each.value() != null)
                .findFirst()
                .filter(coming -> !ended.contains(coming.lineId()))
                .flatMap(coming -> current(list, coming.lineId())
                        .or(() -> list.stream()
                                .filter(each -> each.lineId().equals(coming.lineId())
                                        && each.isSuperseded()
                                        && isLastOfItsLine(each, list))
                                .findFirst()));
        older.ifPresent(before -> list.replaceAll(each -> each.nonce().equals(nonce)
                ? each.inPlaceOf(before)
                : each.nonce().equals(before.nonce()) ? succeeded(each) : each));
        return older.isPresent();
    }

    private static TokenRecord succeeded(TokenRecord older) {
        TokenRecord without = older.withoutMarks();
        return older.use() == Use.REST ? without.in(Use.SUPERSEDED) : without;
    }

    /**
     * @param outlived whether it outlived its build
     * @return what is remembered of the token that is gone; null if nothing is, as another took its place
     */
    @CheckForNull
    static TokenRecord gone(List<TokenRecord> list, String nonce, Instant now, boolean outlived) {
        list.removeIf(each -> !outlived
                && each.nonce().equals(nonce)
                && list.stream()
                        .anyMatch(other -> other.lineId().equals(each.lineId()) && other.number() > each.number()));
        list.replaceAll(each -> each.nonce().equals(nonce) ? each.gone(now) : each);
        return list.stream()
                .filter(each -> each.nonce().equals(nonce))
                .reduce((one, same) -> same)
                .orElse(null);
    }
}
