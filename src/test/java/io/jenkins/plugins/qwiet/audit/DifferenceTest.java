package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.ORG;
import static io.jenkins.plugins.qwiet.audit.Tokens.ci;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.forever;
import static io.jenkins.plugins.qwiet.audit.Tokens.id;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static io.jenkins.plugins.qwiet.audit.Tokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifferenceTest {
    private static final Instant THEN = NOW.minus(Duration.ofDays(1));
    private static final Clock EARLIER = Clock.fixed(THEN, ZoneOffset.UTC);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir
    Path dir;

    private StoredReport previous;

    @BeforeEach
    void place() {
        previous = new StoredReport(dir.resolve(StoredReport.FILE_NAME));
    }

    private Difference between(List<Token> then, List<Token> now) throws IOException {
        previous.write(finish(new Audit(subject(), Rules.NONE, null, EARLIER), then));
        return finish(new Audit(subject(), Rules.NONE, previous, CLOCK), now)
                .report()
                .difference();
    }

    /** That such a token never expires would not be true. */
    @Test
    void knowsOfWhichTokensTheEndIsUnknown() throws IOException {
        var was = new Token(id(1), "was", "", "", "access", null, true);
        var is = new Token(id(2), "is", "", "", "access", null, true);
        assertThat(between(List.of(was, forever(3)), List.of(is, forever(4))).entries())
                .allSatisfy(entry -> assertThat(entry.endUnknown())
                        .isEqualTo(List.of(id(1), id(2)).contains(entry.id())))
                .hasSize(4);
    }

    @Test
    void tellsNewGoneAndChangedTokens() throws IOException {
        Difference difference = between(
                List.of(ci(1, WEEK), token(2, "old", "", null), ci(3, WEEK), ci(4, Duration.ZERO)),
                List.of(ci(1, WEEK), token(2, "new", "", null), forever(5)));

        assertThat(difference.since()).isEqualTo(THEN);
        assertThat(difference.build()).isEqualTo("app #12");
        assertThat(difference.added()).isEqualTo(1);
        assertThat(difference.gone()).isEqualTo(2);
        assertThat(difference.changed()).isEqualTo(1);
        assertThat(difference.exact()).isTrue();
        assertThat(difference.entries())
                .extracting(Difference.Entry::kind, Difference.Entry::id, Difference.Entry::previousLabel)
                .containsExactly(
                        tuple(Difference.Kind.ADDED, 5, null),
                        tuple(Difference.Kind.REVOKED, 3, null),
                        tuple(Difference.Kind.EXPIRED, 4, null),
                        tuple(Difference.Kind.CHANGED, 2, "old"));
    }

    /** Each audit of a busy Jenkins would find others of them. */
    @Test
    void doesNotCountShortLivedTokensOfRunningBuilds() throws IOException {
        previous.write(finish(
                new Audit(running(1, 2, 3), Rules.NONE, null, EARLIER),
                List.of(ci(1, HOUR), ci(2, HOUR), ci(3, WEEK))));

        // Its build is over, and it is still there; another runs; one of a running build that lives long; a person's.
        List<Token> now = List.of(ci(2, HOUR), ci(4, HOUR), ci(5, WEEK), ci(6, HOUR));
        Difference difference = finish(new Audit(running(4, 5), Rules.NONE, previous, CLOCK), now)
                .report()
                .difference();

        assertThat(difference.entries())
                .extracting(Difference.Entry::kind, Difference.Entry::id, Difference.Entry::previousLabel)
                .containsExactly(
                        tuple(Difference.Kind.ADDED, 2, null),
                        tuple(Difference.Kind.ADDED, 5, null),
                        tuple(Difference.Kind.ADDED, 6, null),
                        tuple(Difference.Kind.REVOKED, 3, null));
        assertThat(difference.added()).isEqualTo(3);
        assertThat(difference.gone()).isEqualTo(1);
    }

    /** Builds that run have leases of these. */
    private static Audit.Subject running(int... numbers) {
        Map<String, BuildStates.State> leased = new HashMap<>();
        for (int number : numbers) {
            leased.put(id(number), BuildStates.State.RUNNING);
        }
        return new Audit.Subject(
                ORG, ListQuery.LIVE, "app #12", Tokens.BUILD, List.of(), Set.of(), Set.of(), leased, nonce -> false);
    }

    private static org.assertj.core.groups.Tuple tuple(Difference.Kind kind, int number, String previousLabel) {
        return org.assertj.core.groups.Tuple.tuple(kind, id(number), previousLabel);
    }

    @Test
    void seesAnotherEndAsAChange() throws IOException {
        assertThat(between(List.of(ci(1, WEEK)), List.of(token(1, "ci-1", "by hand", null)))
                        .changed())
                .isEqualTo(1);
    }

    /** Its build may be deleted while the list is read a second time. */
    @Test
    void isToldAfterARestartWhateverBecameOfTheEarlierReport() throws IOException {
        previous.write(finish(new Audit(subject(), Rules.NONE, null, EARLIER), List.of(forever(1))));
        var audit = new Audit(subject(), Rules.NONE, previous, CLOCK);
        audit.accept(forever(1));
        Files.delete(previous.file());

        audit.restart();

        Difference difference =
                finish(audit, List.of(forever(1), forever(2))).report().difference();
        assertThat(difference.added()).isEqualTo(1);
        assertThat(difference.gone()).isZero();
    }

    @Test
    void takesNoTokenForNewThatWasThereHoweverLongTheList() throws IOException {
        List<Token> now = new ArrayList<>();
        for (int i = 0; i < TokenIndex.MAX; i++) {
            now.add(forever(i + 2));
        }
        now.add(forever(1));
        now.add(forever(1));

        Difference difference = between(List.of(forever(1)), now);

        assertThat(difference.added()).isEqualTo(TokenIndex.MAX);
        assertThat(difference.gone()).isZero();
        assertThat(difference.exact()).isFalse();
    }

    @Test
    void countsATokenOnceHoweverOftenItIsListed() throws IOException {
        Difference difference = between(
                List.of(ci(1, WEEK), ci(1, WEEK), ci(2, WEEK), ci(2, WEEK), forever(3), ci(5, WEEK), ci(5, WEEK)),
                List.of(
                        ci(1, WEEK),
                        ci(1, WEEK),
                        forever(3),
                        forever(3),
                        forever(2),
                        forever(2),
                        forever(4),
                        forever(4)));

        assertThat(difference.added()).isEqualTo(1);
        assertThat(difference.gone()).isEqualTo(1);
        assertThat(difference.changed()).isEqualTo(1);
        assertThat(difference.entries()).extracting(Difference.Entry::id).containsExactly(id(4), id(5), id(2));
    }

    @Test
    void isToldAfreshWhenTheListIsReadAgain() throws IOException {
        previous.write(finish(new Audit(subject(), Rules.NONE, null, EARLIER), List.of(ci(1, WEEK))));
        var audit = new Audit(subject(), Rules.NONE, previous, CLOCK);
        audit.accept(ci(1, WEEK));
        audit.accept(ci(2, WEEK));

        audit.restart();
        Difference difference = finish(audit, List.of()).report().difference();

        assertThat(difference.gone()).isEqualTo(1);
        assertThat(difference.added()).isZero();
    }

    @Test
    void isNotToldBetweenThingsThatCannotBeCompared() throws IOException {
        var otherOrg = new Audit.Subject(
                new Organization(ORG.address(), "0d1c2b3a-0000-4000-8000-000000000002"),
                ListQuery.LIVE,
                "app #11",
                Tokens.BUILD,
                List.of(),
                Set.of());
        var integrations =
                new Audit.Subject(ORG, new ListQuery(false, true), "app #11", Tokens.BUILD, List.of(), Set.of());
        for (Audit.Subject other : List.of(otherOrg, integrations)) {
            previous.write(finish(new Audit(other, Rules.NONE, null, EARLIER), List.of(forever(1))));

            assertThat(finish(new Audit(subject(), Rules.NONE, previous, CLOCK), List.of())
                            .report()
                            .difference())
                    .isNull();
        }
        previous.write(finish(
                new Audit(subject(), Rules.NONE, null, EARLIER), new Outcome.Unsure<>("x"), BuildStates.UNKNOWN));

        assertThat(finish(new Audit(subject(), Rules.NONE, previous, CLOCK), List.of())
                        .report()
                        .difference())
                .as("no list then")
                .isNull();
    }

    @Test
    void toleratesAnEarlierReportThatCannotBeRead() throws IOException {
        assertThat(finish(new Audit(subject(), Rules.NONE, previous, CLOCK), List.of())
                        .report()
                        .difference())
                .isNull();

        Files.writeString(previous.file(), "not gzip");

        assertThat(finish(new Audit(subject(), Rules.NONE, previous, CLOCK), List.of())
                        .report()
                        .difference())
                .isNull();
    }

    @Test
    void keepsItsNumbersWhenTheEarlierReportVanishesMeanwhile() throws IOException {
        previous.write(finish(new Audit(subject(), Rules.NONE, null, EARLIER), List.of(forever(1))));
        var audit = new Audit(subject(), Rules.NONE, previous, CLOCK);

        Files.delete(previous.file());

        Difference difference = finish(audit, List.of()).report().difference();
        assertThat(difference.gone()).isEqualTo(1);
        assertThat(difference.entries()).isEmpty();
    }

    @Property(tries = 100)
    void agreesWithSetsWhateverTheLists(
            @ForAll @Size(max = 300) Set<@IntRange(max = 400) Integer> then,
            @ForAll @Size(max = 300) Set<@IntRange(max = 400) Integer> now)
            throws IOException {
        Path file = Files.createTempFile("audit", ".gz");
        try {
            previous = new StoredReport(file);
            Difference difference = between(tokens(then), tokens(now));

            assertThat(difference.added()).isEqualTo(without(now, then));
            assertThat(difference.gone()).isEqualTo(without(then, now));
            assertThat(difference.changed()).isZero();
            assertThat(difference.entries())
                    .allSatisfy(entry -> assertThat(entry.label()).isNotEmpty());
        } finally {
            Files.delete(file);
        }
    }

    private static List<Token> tokens(Set<Integer> numbers) {
        List<Token> tokens = new ArrayList<>();
        numbers.forEach(number -> tokens.add(forever(number)));
        return tokens;
    }

    private static long without(Set<Integer> some, Set<Integer> others) {
        Set<Integer> rest = new HashSet<>(some);
        rest.removeAll(others);
        return rest.size();
    }
}
