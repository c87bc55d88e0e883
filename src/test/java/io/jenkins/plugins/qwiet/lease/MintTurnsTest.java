package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many who hold tokens that die, in virtual time: a look each second, and calls that take one. */
class MintTurnsTest {
    private static final Organization ORGANIZATION = organization(1);
    private static final Account ACCOUNT = Account.ofJenkins("qwiet");

    private record Line(String id, Organization organization, Account account, long diesAt) {}

    private record Call(String line, long endsAt, CompletableFuture<MintResult> result, Runnable end) {}

    private long second = 1_000;
    private final MintTurns turns = new MintTurns(() -> TimeUnit.SECONDS.toNanos(second));
    private final Map<String, Line> waiting = new LinkedHashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final List<String> askers = new ArrayList<>();
    private final Map<String, Long> renewedAt = new LinkedHashMap<>();
    private int mostAtATime;
    private Function<Line, Outcome<?>> qwiet = line -> null;

    @Test
    void anOutageCostsFewCallsAndAfterItEachHasATokenSoon() {
        hold(1000, 600);
        qwiet = line -> new Outcome.Unsure<>("Connection reset.");

        pass(600);

        assertThat(asked).hasSizeLessThan(16 + 5 + 600 / 15 + 8);
        assertThat(asked.stream().filter(at -> at > 1_010)).as("one at a time").doesNotHaveDuplicates();
        assertThat(new HashSet<>(askers)).as("another one each time").hasSizeGreaterThan(40);

        qwiet = line -> null;
        long back = second;
        pass(15 + 1 + 1000 / 16 + 15);

        assertThat(waiting).isEmpty();
        assertThat(mostAtATime).isLessThanOrEqualTo(MintTurns.AT_A_TIME);
        assertThat(renewedAt.values()).allSatisfy(at -> assertThat(at).isGreaterThanOrEqualTo(back));
    }

    @Test
    void nobodyAsksBeforeTheTimeThatQwietAskedFor() {
        hold(1000, 600);
        qwiet = line -> new Outcome.Unsure<>("503", Duration.ofSeconds(200), null);
        pass(2);
        int first = asked.size();
        assertThat(first).isLessThanOrEqualTo(MintTurns.AT_A_TIME + GroupTries.FAILURES);

        pass(198);
        assertThat(asked).hasSize(first);
        pass(202);
        assertThat(asked).hasSizeBetween(first + 1, first + 2);
    }

    @Test
    void oneThatIsAskedToWaitWaits() {
        hold(1, 600);
        qwiet = line -> new Outcome.NotSent<>("429", Duration.ofSeconds(300));

        pass(300);
        assertThat(asked).hasSize(1);
        pass(2);
        assertThat(asked).hasSize(2);
    }

    @Test
    void anOutageThatBeganWithoutAWordIsLeftAloneWhenQwietAsksForIt() {
        hold(100, 600);
        qwiet = line -> new Outcome.NotSent<>("Connection refused.", null);
        pass(100);
        qwiet = line -> new Outcome.Unsure<>("503", Duration.ofMinutes(10), null);
        pass(60);
        int said = asked.size();

        pass(500);
        assertThat(asked).hasSize(said);
        qwiet = line -> null;
        pass(200);
        assertThat(waiting).isEmpty();
    }

    /** Its own wait would be its death, and others were served since. */
    @Test
    void whoseTokenIsAboutToDieDoesNotWaitForWhatQwietAskedOfItAlone() {
        waiting.put("unlucky", new Line("unlucky", ORGANIZATION, ACCOUNT, second + 100));
        qwiet = line -> line.id().equals("unlucky") && second < 1_050
                ? new Outcome.NotSent<>("429", Duration.ofMinutes(30))
                : null;
        pass(3);
        hold(1, 600);
        pass(80);
        assertThat(waiting).containsOnlyKeys("unlucky");

        pass(20);
        assertThat(waiting).isEmpty();
        assertThat(renewedAt.get("unlucky")).isLessThanOrEqualTo(1_100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void whoAlwaysFailsHoldsUpNoOther(int organizations) {
        for (int i = 0; i < 500; i++) {
            waiting.put("bad" + i, new Line("bad" + i, organization(1 + i % organizations), ACCOUNT, second - 1000));
        }
        qwiet = line -> line.id().startsWith("bad") ? new Outcome.Unsure<>("500") : null;
        pass(300);
        hold(20, 20);
        pass(20);

        assertThat(waiting.keySet()).allMatch(id -> id.startsWith("bad"));
        assertThat(asked).hasSizeLessThan(16 + 20 + 330);
    }

    @Test
    void whatQwietRefusesOneLineAloneHoldsUpNoOther() {
        for (int i = 0; i < 200; i++) {
            waiting.put("bad" + i, new Line("bad" + i, ORGANIZATION, ACCOUNT, second - 1000));
        }
        qwiet = line -> line.id().startsWith("bad")
                ? new Outcome.Refused<>(400, "VALIDATION", "The label is not allowed", List.of())
                : null;
        pass(100);
        hold(30, 20);
        pass(5);

        assertThat(waiting.keySet()).allMatch(id -> id.startsWith("bad"));
    }

    @Test
    void anAccountThatMayNotIsOneGroupAndOthersGoOn() {
        hold(300, 600);
        qwiet = line -> line.account().equals(ACCOUNT)
                ? new Outcome.Refused<>(401, "UNAUTHORIZED", "The token was revoked", List.of())
                : null;
        pass(300);
        assertThat(asked).hasSizeLessThan(16 + 300 / 15 + 8);

        waiting.put("other", new Line("other", ORGANIZATION, Account.ofJenkins("other"), second + 20));
        pass(3);
        assertThat(waiting).doesNotContainKey("other");
    }

    @Test
    void theFirstToAskIsWhoseTokenDiesFirst() {
        hold(100, 600);
        waiting.put("dying", new Line("dying", ORGANIZATION, ACCOUNT, second + 3));
        qwiet = line -> null;

        pass(1);
        pass(1);

        assertThat(askers.get(0)).isEqualTo("dying");
    }

    @Test
    void whoIsLetAndNeverAsksLetsAnother() {
        hold(50, 600);
        qwiet = line -> new Outcome.Unsure<>("Connection reset.");
        pass(100);
        Set<String> hanging = new HashSet<>();
        for (int i = 0; i < 40 && hanging.isEmpty(); i++) {
            pass(0);
            hanging.addAll(turns.choose(wishes()));
            second++;
        }
        assertThat(hanging).hasSize(1);
        qwiet = line -> null;

        pass((int) MintTurns.BEFORE_ASKING.toSeconds() + 1 + 15 + 15);

        assertThat(waiting.keySet()).isSubsetOf(hanging);
    }

    @Test
    void afterAChangeOfSettingsAllMayAskAtOnce() {
        hold(100, 600);
        qwiet = line -> new Outcome.Unsure<>("503", Duration.ofMinutes(30), null);
        pass(10);
        qwiet = line -> null;

        turns.endPauses();
        pass(10);

        assertThat(waiting).isEmpty();
    }

    @Test
    void whatWasAskedBeforeAChangeOfSettingsHoldsUpNothingAfterIt() {
        hold(20, 600);
        qwiet = line -> new Outcome.Unsure<>("503", Duration.ofMinutes(30), null);
        pass(1);
        assertThat(calls).isNotEmpty();

        turns.endPauses();
        Set<String> before = new HashSet<>(askers);
        qwiet = line -> before.remove(line.id()) ? new Outcome.Unsure<>("503", Duration.ofMinutes(30), null) : null;
        pass(5);

        assertThat(waiting).isEmpty();
    }

    private void hold(int lines, int left) {
        int begin = waiting.size();
        for (int i = begin; i < begin + lines; i++) {
            waiting.put("line" + i, new Line("line" + i, ORGANIZATION, ACCOUNT, second + left + i));
        }
    }

    private List<MintWish> wishes() {
        return waiting.values().stream()
                .filter(line -> calls.stream().noneMatch(call -> call.line().equals(line.id())))
                .map(this::wish)
                .toList();
    }

    private MintWish wish(Line line) {
        return new MintWish(line.id(), line.organization(), line.account(), Duration.ofSeconds(line.diesAt() - second));
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            List.copyOf(calls).stream().filter(call -> call.endsAt() <= second).forEach(call -> {
                calls.remove(call);
                call.end().run();
            });
            for (String id : turns.choose(wishes())) {
                Line line = waiting.get(id);
                turns.ask(wish(line), answered -> {
                    asked.add(second);
                    askers.add(id);
                    var result = new CompletableFuture<MintResult>();
                    calls.add(new Call(id, second + 1, result, () -> end(line, answered, result)));
                    mostAtATime = Math.max(mostAtATime, calls.size());
                    return result;
                });
            }
            second++;
        }
    }

    private void end(
            Line line, java.util.function.Consumer<Outcome<?>> answered, CompletableFuture<MintResult> result) {
        Outcome<?> failure = qwiet.apply(line);
        if (failure == null) {
            var token = new MintedToken("id", SecretText.of("eyJ"), End.UNKNOWN);
            answered.accept(new Outcome.Done<>(token));
            waiting.remove(line.id());
            renewedAt.put(line.id(), second);
            turns.forget(line.id());
            result.complete(new MintResult.Minted(lease(line), token));
        } else {
            answered.accept(failure);
            result.complete(new MintResult.Unreachable(failure.reason()));
        }
    }

    private static Lease lease(Line line) {
        var request = new MintRequest("l", "", Duration.ofMinutes(1), line.account(), "job#1", "");
        return Lease.intent("00000000000000000000000000000000", request, line.organization(), Instant.EPOCH);
    }

    private static Organization organization(int number) {
        return new Organization(
                ApiAddress.parse("https://qwiet.example/api/v4"), "00000000-0000-0000-0000-%012d".formatted(number));
    }
}
