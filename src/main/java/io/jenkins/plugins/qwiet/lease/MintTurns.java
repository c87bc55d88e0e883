package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.Patience;
import io.jenkins.plugins.qwiet.api.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Lets those who hold a token that has to be replaced ask Qwiet in turn, so that an outage costs few calls however many
 * wait, and none of them is forgotten.
 *
 * <p>As for the {@link Janitor}, {@value GroupTries#FAILURES} different ones that fail in a row are an outage
 * ({@value GroupTries#FAILURES_THAT_ASK_TO_WAIT} if Qwiet asked each of them to wait), of an API address and of an
 * organization and account there, each for itself. Then one at a time tries, another one each time, after 2 s, 4 s, 8 s and
 * each 15 s; or after what Qwiet asked to wait, up to an hour. What fails for one alone makes only that one wait. As soon as
 * one has a token, all may ask, {@value #AT_A_TIME} at a time for each address.
 *
 * <p>First comes who failed least often since its last token, and of these whose token dies first. So one whose token is
 * about to die waits for nobody who always fails; see {@link #order} for who tries alone.
 *
 * <p>The bound: when Qwiet is back, and did not ask to wait, the first one asks within 15 s after the try that is under way,
 * and of n that wait each has asked when n/{@value #AT_A_TIME} calls in a row are through, and 15 s more if its own last try
 * was a moment ago or its account failed apart. Safe on any thread; nothing blocks.
 */
public final class MintTurns {
    static final int AT_A_TIME = 16;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    /** Who may try alone, and does not come to it, as a look-up hangs, lets another. */
    static final Duration BEFORE_ASKING = Duration.ofSeconds(10);
    /** Before its token dies, a line asks whatever others were told. */
    static final Duration FOR_THE_LAST_TRIES = Duration.ofMinutes(2);

    /** Calls end by themselves long before. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(5);

    private static final Texts TEXTS = Texts.of(MintTurns.class);

    private final LongSupplier nanoTime;
    private final GroupPauses pauses;
    private final Backoff lines;
    private final LinesAskedToWait asked;
    private final Map<Object, MintGroup> groups = new HashMap<>();
    private final Map<ApiAddress, Gate> gates = new HashMap<>();
    private boolean byFailures;
    private long pausesEnded;
    /** Who was let, and has not asked yet; with the place where it was expected to ask. */
    private final Map<String, MintWish> let = new HashMap<>();

    /** Who waits for others that ask. */
    private final Map<String, Object> latest = new HashMap<>();

    /** @param nanoTime as for {@link Leasing} */
    public MintTurns(@NonNull LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.pauses = new GroupPauses(new Backoff(nanoTime, FIRST_PAUSE), LONGEST_PAUSE);
        this.lines = new Backoff(nanoTime, FIRST_PAUSE);
        this.asked = new LinesAskedToWait(nanoTime);
    }

    /**
     * Who of those that wait may begin now: to look up what they need, and then to {@link #ask}. Each of them has to ask, or
     * to say that it {@linkplain #gaveUp gave up}.
     *
     * @return their lines
     */
    @NonNull
    public synchronized List<String> choose(@NonNull Collection<MintWish> wishes) {
        List<String> chosen = new ArrayList<>();
        var alone = new boolean[1];
        wishes.stream()
                .filter(wish -> lines.mayTry(wish.line()) && !isToWait(wish))
                .sorted(order())
                .forEach(wish -> {
                    if (mayAsk(wish)) {
                        alone[0] |= groups(wish).anyMatch(MintGroup::isDown);
                        letTry(wish, BEFORE_ASKING);
                        let.put(wish.line(), wish);
                        chosen.add(wish.line());
                    }
                });
        byFailures ^= alone[0];
        return chosen;
    }

    /** Why such a one has to wait now, in words for a person; null if nothing that failed lately holds it up. */
    @CheckForNull
    public synchronized String whyNot(@NonNull MintWish wish) {
        return groups(wish)
                .filter(MintGroup::isDown)
                .map(MintGroup::reason)
                .findFirst()
                .orElse(null);
    }

    /**
     * Asks for a token when it is its turn, which is soon; or not at all, if meanwhile it turned out that this is no use.
     *
     * @param wish with organization and account
     * @param mint asks, and tells what became of the creation; not called if it is no use
     * @return what that gives; {@link MintResult.Unreachable} if it is no use
     */
    @NonNull
    public CompletableFuture<MintResult> ask(
            @NonNull MintWish wish, @NonNull Function<Consumer<Outcome<?>>, CompletableFuture<MintResult>> mint) {
        var mine = new Object();
        Gate gate;
        long urgency;
        synchronized (this) {
            MintWish before = let.remove(wish.line());
            if (before != null && !keys(before).toList().equals(keys(wish).toList())) {
                // It was expected to ask elsewhere, and tells nothing of that.
                groups(before).forEach(group -> group.release(wish.line()));
            }
            if (!mayAsk(wish)) {
                return CompletableFuture.completedFuture(putOff(wish));
            }
            letTry(wish, LONGEST_CALL);
            latest.put(wish.line(), mine);
            Organization organization = Objects.requireNonNull(wish.organization(), "where it is asked for");
            gate = gates.computeIfAbsent(organization.address(), address -> new Gate(AT_A_TIME));
            urgency = urgency(wish);
        }
        return gate.pass(urgency, () -> askNow(wish, mine, mint));
    }

    /**
     * {@link #ask(MintWish, Function)}, but not yet if Qwiet asked somebody to wait who calls with the same account, as long as
     * the token lives and there is time for some tries.
     *
     * @param asksToWait how long; zero if nobody was asked to
     */
    @NonNull
    public synchronized CompletableFuture<MintResult> ask(
            @NonNull MintWish wish,
            @NonNull Duration asksToWait,
            @NonNull Function<Consumer<Outcome<?>>, CompletableFuture<MintResult>> mint) {
        Duration bearable = wish.left().minus(FOR_THE_LAST_TRIES);
        Duration wait = asksToWait.compareTo(bearable) < 0 ? asksToWait : bearable;
        if (wait.isZero() || wait.isNegative()) {
            return ask(wish, mint);
        }
        asked.asked(wish.line(), wait);
        return CompletableFuture.completedFuture(new MintResult.Unreachable(Patience.askedToWait()));
    }

    private CompletableFuture<MintResult> askNow(
            MintWish wish, Object mine, Function<Consumer<Outcome<?>>, CompletableFuture<MintResult>> mint) {
        long asOf;
        synchronized (this) {
            if (!latest.remove(wish.line(), mine) || !mayAsk(wish)) {
                return CompletableFuture.completedFuture(putOff(wish));
            }
            letTry(wish, LONGEST_CALL);
            asOf = pausesEnded;
        }
        var answer = new Outcome<?>[1];
        return CompletableFuture.completedFuture(mint)
                .thenCompose(begin -> begin.apply(outcome -> answer[0] = outcome))
                .whenComplete((result, thrown) -> {
                    if (result instanceof MintResult.Minted) {
                        succeeded(wish);
                    } else {
                        failed(wish, answer[0], asOf);
                    }
                });
    }

    /** Who was let will not ask this time, for a reason of its own. */
    public synchronized void gaveUp(@NonNull String line) {
        MintWish wish = let.remove(line);
        if (wish != null) {
            lines.failed(line, LONGEST_PAUSE, null);
            groups(wish).forEach(group -> group.gaveUp(line));
        }
    }

    /** Its token is not to be replaced any more. */
    public synchronized void forget(@NonNull String line) {
        gaveUp(line);
        lines.succeeded(line);
        asked.forget(line);
    }

    /** Lets all ask at once, also who is asking now: settings or credentials changed, so it may work now. */
    public synchronized void endPauses() {
        pausesEnded++;
        pauses.endPauses();
        lines.endPauses();
        asked.forgetAll();
        groups.values().forEach(MintGroup::startAgain);
    }

    private synchronized void succeeded(MintWish wish) {
        lines.succeeded(wish.line());
        asked.forget(wish.line());
        groups(wish).forEach(group -> group.succeeded(nanoTime.getAsLong()));
    }

    /**
     * @param answer null if Qwiet was not asked, or not to the end
     * @param asOf how often pauses had been ended when it was asked
     */
    private synchronized void failed(MintWish wish, @CheckForNull Outcome<?> answer, long asOf) {
        String line = wish.line();
        if (asOf != pausesEnded) {
            // What was so then says nothing of now.
            groups(wish).forEach(group -> group.release(line));
            return;
        }
        lines.failed(line, LONGEST_PAUSE, null);
        if (answer == null) {
            groups(wish).forEach(group -> group.gaveUp(line));
            return;
        }
        Duration wait = answer.retryAfter();
        if (wait != null) {
            asked.asked(line, wait);
        }
        groups(wish).forEach(group -> group.failed(line, answer));
    }

    private MintResult putOff(MintWish wish) {
        if (!latest.containsKey(wish.line())) {
            groups(wish).forEach(group -> group.release(wish.line()));
        }
        String reason = whyNot(wish);
        return new MintResult.Unreachable(reason == null ? TEXTS.get("MintTurns.another") : reason);
    }

    /** Whether Qwiet asked it to wait. Once its token is about to die, it asks if others got one since then. */
    private boolean isToWait(MintWish wish) {
        Long since = asked.since(wish.line());
        if (since == null) {
            return false;
        }
        boolean servedOthers = wish.account() != null && groups(wish).allMatch(group -> group.succeededSince(since));
        return !(servedOthers && wish.left().compareTo(LONGEST_PAUSE) <= 0);
    }

    private boolean mayAsk(MintWish wish) {
        return groups(wish).allMatch(group -> group.mayAsk(wish.line(), nanoTime.getAsLong()));
    }

    private void letTry(MintWish wish, Duration atMost) {
        groups(wish).forEach(group -> group.letTry(wish.line(), nanoTime.getAsLong() + atMost.toNanos()));
    }

    /**
     * When one at a time tries, it is in turn one whose token can still be kept alive, and whose account failed least; and one
     * that failed least itself. So neither who is about to die nor who is dead starves behind others that always fail.
     */
    private Comparator<MintWish> order() {
        Comparator<MintWish> order = Comparator.comparingLong(this::urgency);
        return byFailures
                ? order
                : Comparator.comparing((MintWish wish) -> wish.left().isNegative())
                        .thenComparingInt(this::failuresOfAccount)
                        .thenComparing(order);
    }

    private int failuresOfAccount(MintWish wish) {
        return groups(wish).skip(1).mapToInt(MintGroup::failures).sum();
    }

    /** The least comes first: who failed least often, then whose token dies first, then whose is dead. */
    private long urgency(MintWish wish) {
        long left = wish.left().toMillis();
        long some = Duration.ofDays(1000).toMillis();
        return Math.min(1000, lines.failures(wish.line())) * 3 * some
                + (left < 0 ? 2 * some + Math.max(-some, left) : Math.min(some, left));
    }

    private Stream<MintGroup> groups(MintWish wish) {
        return keys(wish).map(key -> groups.computeIfAbsent(key, k -> new MintGroup(k, pauses)));
    }

    private static Stream<Object> keys(MintWish wish) {
        Organization organization = wish.organization();
        Account account = wish.account();
        return organization == null || account == null
                ? Stream.empty()
                : Stream.of(organization.address(), new OrganizationSweep.Key(organization, account));
    }
}
