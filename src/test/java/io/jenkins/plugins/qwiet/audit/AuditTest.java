package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.BUILD;
import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.audit;
import static io.jenkins.plugins.qwiet.audit.Tokens.ci;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.forever;
import static io.jenkins.plugins.qwiet.audit.Tokens.id;
import static io.jenkins.plugins.qwiet.audit.Tokens.integration;
import static io.jenkins.plugins.qwiet.audit.Tokens.labels;
import static io.jenkins.plugins.qwiet.audit.Tokens.madeBy;
import static io.jenkins.plugins.qwiet.audit.Tokens.report;
import static io.jenkins.plugins.qwiet.audit.Tokens.rule;
import static io.jenkins.plugins.qwiet.audit.Tokens.rules;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static io.jenkins.plugins.qwiet.audit.Tokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    /** Some lists still have it. */
    private static final Duration A_MOMENT_AGO = Duration.ofSeconds(-60);

    private static final String DEAD = "https://ci.example/job/app/7/";
    private static final String DELETED = "https://ci.example/job/app/3/";
    private static final String RUNNING = "https://ci.example/job/app/13/";
    private static final String FOREIGN = "https://other.example/job/x/1/";
    private static final Map<String, BuildStates.State> BUILDS =
            Map.of(DEAD, BuildStates.State.OVER, DELETED, BuildStates.State.GONE, RUNNING, BuildStates.State.RUNNING);

    @Test
    void countsEveryKindOfToken() {
        List<Token> list = List.of(
                ci(1, HOUR),
                forever(2),
                ci(3, A_MOMENT_AGO),
                integration(4),
                madeBy(5, DEAD, HOUR),
                madeBy(6, RUNNING, HOUR),
                madeBy(7, BUILD, HOUR),
                madeBy(8, DEAD, A_MOMENT_AGO));

        Counts counts = finish(audit(Rules.NONE), list, BUILDS).report().counts();

        assertThat(counts).isEqualTo(new Counts(8, 5, 1, 2, 1, 3, 1));
    }

    @Test
    void tellsWhoMadeEachToken() {
        List<Token> list = List.of(
                ci(1, HOUR),
                madeBy(2, DEAD, HOUR),
                madeBy(3, DELETED, HOUR),
                madeBy(4, RUNNING, HOUR),
                madeBy(5, BUILD, HOUR),
                madeBy(6, FOREIGN, HOUR));

        List<TokenRow> rows = finish(audit(Rules.NONE), list, BUILDS).rows();

        assertThat(rows)
                .extracting(TokenRow::madeBy)
                .containsExactly(
                        MadeBy.NOT_JENKINS,
                        MadeBy.FINISHED_BUILD,
                        MadeBy.DELETED_BUILD,
                        MadeBy.RUNNING_BUILD,
                        MadeBy.THIS_BUILD,
                        MadeBy.UNKNOWN_BUILD);
        assertThat(rows.get(1).build()).isEqualTo(DEAD);
        assertThat(rows).filteredOn(TokenRow::leftBehind).hasSize(2);
    }

    @Test
    void knowsTokensOfJenkinsesThatDoNotKnowTheirOwnAddress() {
        var nowhere = new Audit.Subject(Tokens.ORG, ListQuery.LIVE, "app #12", "", List.of(), Set.of());
        Audit audit = new Audit(nowhere, rule(Rule.OWN_TOKEN_LIVE), null, CLOCK);

        Audit.Result result = finish(audit, List.of(madeBy(1, "", HOUR)), url -> {
            throw new AssertionError("asked about " + url);
        });

        assertThat(result.rows()).extracting(TokenRow::madeBy).containsExactly(MadeBy.UNKNOWN_BUILD);
        assertThat(result.report().counts().madeByJenkins()).isEqualTo(1);
        assertThat(result.report().own()).isEmpty();
    }

    @Test
    void asksAboutEachBuildOnceAndNeverAboutExpiredOrOwnTokens() {
        List<String> asked = new ArrayList<>();
        List<Token> list = List.of(
                madeBy(1, DEAD, HOUR), madeBy(2, DEAD, HOUR), madeBy(3, DELETED, A_MOMENT_AGO), madeBy(4, BUILD, HOUR));

        finish(audit(Rules.NONE), list, url -> {
            asked.add(url);
            return BuildStates.Build.of(BuildStates.State.OVER);
        });

        assertThat(asked).containsExactly(DEAD);
    }

    @Test
    void asksNothingWhileTheListStreams() {
        Audit audit = audit(Rules.NONE);

        audit.accept(madeBy(1, DEAD, HOUR));

        assertThatThrownBy(() -> audit.finish(new Outcome.Done<>(new Listed(1, true)), url -> {
                    throw new IllegalStateException("asked");
                }))
                .hasMessage("asked");
    }

    @Test
    void stopsAskingWhenInterrupted() {
        Audit audit = audit(Rules.NONE);
        audit.accept(madeBy(1, DEAD, HOUR));
        audit.accept(madeBy(2, DELETED, HOUR));

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> audit.finish(new Outcome.Done<>(new Listed(2, true)), url -> {
                    Thread.currentThread().interrupt();
                    return BuildStates.Build.of(BuildStates.State.OVER);
                }));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void forgetsWhatItSawWhenTheListIsReadAgain() {
        Audit audit = audit(rule(Rule.NEVER_EXPIRES));
        audit.accept(forever(1));
        audit.accept(madeBy(2, BUILD, HOUR));

        audit.restart();
        Audit.Result result = finish(audit, List.of(ci(3, HOUR)));

        assertThat(result.report().counts().listed()).isEqualTo(1);
        assertThat(result.report().own()).isEmpty();
        assertThat(result.report().violations()).isEmpty();
        assertThat(result.rows()).extracting(TokenRow::id).containsExactly(id(3));
    }

    @Test
    void cutsLongTexts() {
        String hostile = "\ud83d\ude00".repeat(5_000);

        TokenRow row = finish(audit(Rules.NONE), List.of(token(1, hostile, hostile, null)))
                .rows()
                .get(0);

        assertThat(row.label()).hasSizeLessThanOrEqualTo(TokenRow.MAX_TEXT).endsWith("\ude00…");
        assertThat(row.description()).hasSizeLessThanOrEqualTo(TokenRow.MAX_TEXT);
    }

    @Nested
    class OwnTokens {
        private final Instant minted = NOW.minus(Duration.ofMinutes(10));
        private final Instant revoked = NOW.minusSeconds(5);

        private List<BuildToken> own(List<Token> list, BuildToken... recorded) {
            Audit audit = new Audit(subject(recorded), rule(Rule.OWN_TOKEN_LIVE), null, CLOCK);
            return finish(audit, list).report().own();
        }

        @Test
        void areRevokedWhenThisJenkinsSaysSoAndQwietDoesNotListThem() {
            var token = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), revoked);

            assertThat(own(List.of(), token)).extracting(BuildToken::life).containsExactly(BuildToken.Life.REVOKED);
        }

        @Test
        void areLiveWhenQwietListsThemWhateverThisJenkinsThinks() {
            var token = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), revoked);

            assertThat(own(List.of(madeBy(1, BUILD, HOUR)), token))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.life()).isEqualTo(BuildToken.Life.LIVE);
                        assertThat(found.mintedAt()).isEqualTo(minted);
                        assertThat(found.revokedAt()).isEqualTo(revoked);
                    });
        }

        @Test
        void areGoneWhenSomebodyElseRevokedThem() {
            var token = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), null);

            assertThat(own(List.of(), token)).extracting(BuildToken::life).containsExactly(BuildToken.Life.GONE);
        }

        @Test
        void areExpiredWhenTheirTimeIsOver() {
            var unlisted = BuildToken.recorded(id(1), "a", minted, NOW, null);
            var listed = BuildToken.recorded(id(2), "b", minted, NOW.minus(HOUR), null);

            var query = new ListQuery(true, false);
            var subject = new Audit.Subject(Tokens.ORG, query, "app #12", BUILD, List.of(unlisted, listed), Set.of());
            Audit audit = new Audit(subject, rule(Rule.OWN_TOKEN_LIVE), null, CLOCK);

            assertThat(finish(audit, List.of(ci(2, HOUR.negated()))).report().own())
                    .extracting(BuildToken::life)
                    .containsExactly(BuildToken.Life.EXPIRED, BuildToken.Life.EXPIRED);
        }

        /** It was asked for those alone that are not over: so this is what Qwiet says, whatever it says of the end. */
        @Test
        void areLiveWhenQwietListsThemThoughTheirTimeSeemsToBeOver() {
            var token = BuildToken.recorded(id(2), "b", minted, NOW.minus(HOUR), null);
            Audit audit = new Audit(subject(token), rule(Rule.OWN_TOKEN_LIVE), null, CLOCK);

            AuditReport report = finish(audit, List.of(ci(2, HOUR.negated()))).report();

            assertThat(report.own()).extracting(BuildToken::life).containsExactly(BuildToken.Life.LIVE);
            assertThat(report.violations()).extracting(Violation::rule).containsExactly(Rule.OWN_TOKEN_LIVE);
            assertThat(report.counts().liveCi()).isEqualTo(1);
            assertThat(report.counts().expired()).isZero();
        }

        /** A list may lag behind by a moment, and a clock be a little off. */
        @Test
        void areExpiredThoughAListStillHasThemWhenTheirTimeIsOverSinceAMoment() {
            var token = BuildToken.recorded(id(2), "b", minted, NOW.minusSeconds(30), null);

            assertThat(own(List.of(ci(2, Duration.ofSeconds(-30))), token))
                    .extracting(BuildToken::life)
                    .containsExactly(BuildToken.Life.EXPIRED);
        }

        /** Of another build: by the id, or by the nonce, of what this Jenkins had revoked. */
        @Test
        void areLookedForOnceMoreWhereOneOfAnotherBuildWasJustRevoked() {
            Token other =
                    token(5, "of another", TokenDescription.describe("", DEAD, Tokens.OTHER_NONCE), NOW.plus(HOUR));
            for (String lately : List.of(id(5), Tokens.OTHER_NONCE, id(6))) {
                var subject = new Audit.Subject(
                        Tokens.ORG,
                        ListQuery.LIVE,
                        "app #12",
                        BUILD,
                        List.of(),
                        Set.of(),
                        Set.of(),
                        Map.of(),
                        Set.of(lately),
                        nonce -> false);

                assertThat(finish(new Audit(subject, Rules.NONE, null, CLOCK), List.of(other))
                                .listsWhatWasRevoked())
                        .isEqualTo(!lately.equals(id(6)));
            }
        }

        @Test
        void areExpiredWhenTheBuildSawThemDieWhateverEndQwietNamed() {
            Instant died = NOW.minusSeconds(30);
            var token = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), null)
                    .inLine("of a", 3)
                    .expired(died);

            assertThat(own(List.of(), token)).singleElement().satisfies(found -> {
                assertThat(found.life()).isEqualTo(BuildToken.Life.EXPIRED);
                assertThat(found.expiredAt()).isEqualTo(died);
            });
        }

        @Test
        void keepTheirPlaceInTheirLineWhetherListedOrNot() {
            var older = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), null)
                    .inLine("of a", 2);
            var newer = BuildToken.recorded(id(2), "a", minted, NOW.plus(HOUR), null)
                    .inLine("of a", 3);

            assertThat(own(List.of(madeBy(2, BUILD, HOUR)), older, newer))
                    .extracting(BuildToken::line, BuildToken::number)
                    .containsExactly(tuple("of a", 2), tuple("of a", 3));
        }

        @Test
        void areNotWhatAStrangerSaysInADescription() {
            Token forged = token(9, "forged", TokenDescription.describe("", BUILD, Tokens.OTHER_NONCE), NOW.plus(HOUR));
            var audit = new Audit(subject(), rule(Rule.OWN_TOKEN_LIVE), null, CLOCK);

            Audit.Result result = finish(audit, List.of(forged), url -> {
                throw new AssertionError("asked about " + url);
            });

            assertThat(result.report().own()).isEmpty();
            assertThat(result.report().violations()).isEmpty();
            assertThat(result.rows()).extracting(TokenRow::madeBy).containsExactly(MadeBy.CLAIMS_BUILD);
        }

        @Test
        void areFoundByANonceOfTheBuildWhateverAddressIsWritten() {
            Token renamed = token(
                    9,
                    "a",
                    TokenDescription.describe("", "https://old.example/job/a/1/", Tokens.NONCE),
                    NOW.plus(HOUR));

            assertThat(own(List.of(renamed))).extracting(BuildToken::id).containsExactly(id(9));
        }

        @Test
        void revokedButStillListedAreToBeLookedAtAgain() {
            var token = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), revoked);
            var live = BuildToken.recorded(id(2), "b", minted, NOW.plus(HOUR), null);
            List<Token> both = List.of(madeBy(1, BUILD, HOUR), madeBy(2, BUILD, HOUR));

            assertThat(finish(new Audit(subject(token, live), Rules.NONE, null, CLOCK), both)
                            .listsWhatWasRevoked())
                    .isTrue();
            assertThat(finish(new Audit(subject(token, live), Rules.NONE, null, CLOCK), both.subList(1, 2))
                            .listsWhatWasRevoked())
                    .isFalse();
        }

        @Test
        void areFoundByTheirNonceWhenTheRecordDoesNotKnowThem() {
            assertThat(own(List.of(madeBy(9, BUILD, HOUR)))).singleElement().satisfies(found -> {
                assertThat(found.id()).isEqualTo(id(9));
                assertThat(found.life()).isEqualTo(BuildToken.Life.LIVE);
                assertThat(found.mintedAt()).isNull();
            });
        }

        @Test
        void areFoundByTheirIdWhenTheDescriptionIsNotOurs() {
            var token = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), null);

            assertThat(own(List.of(ci(1, HOUR)), token))
                    .extracting(BuildToken::life)
                    .containsExactly(BuildToken.Life.LIVE);
        }

        @Test
        void areCountedExactlyEvenIfSomebodyForgesThousands() {
            List<Token> list = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                list.add(madeBy(i, BUILD, HOUR));
            }

            AuditReport report = finish(new Audit(subject(), rule(Rule.OWN_TOKEN_LIVE), null, CLOCK), list)
                    .report();

            assertThat(report.own()).hasSize(1_000);
            assertThat(report.violations().get(0).total()).isEqualTo(3_000);
        }

        @Test
        void areUnknownWithoutAList() {
            var live = BuildToken.recorded(id(1), "a", minted, NOW.plus(HOUR), null);
            var gone = BuildToken.recorded(id(2), "b", minted, NOW.plus(HOUR), revoked);
            var audit = new Audit(subject(live, gone), rule(Rule.OWN_TOKEN_LIVE), null, CLOCK);

            AuditReport report = finish(audit, new Outcome.Unsure<>("cut"), BuildStates.UNKNOWN)
                    .report();

            assertThat(report.own())
                    .extracting(BuildToken::life)
                    .containsExactly(BuildToken.Life.UNKNOWN, BuildToken.Life.REVOKED);
            assertThat(report.violations()).isEmpty();
        }
    }

    @Nested
    class EachRule {
        @Test
        void namesATokenOfThisBuildThatIsStillLive() {
            assertThat(only(report(rule(Rule.OWN_TOKEN_LIVE), madeBy(1, BUILD, HOUR), ci(2, HOUR)), 1))
                    .isEqualTo(Rule.OWN_TOKEN_LIVE);
        }

        @Test
        void namesACiTokenThatNeverExpiresAndNoTokenOfAnotherType() {
            assertThat(only(report(rule(Rule.NEVER_EXPIRES), ci(2, HOUR), forever(1), integration(3)), 1))
                    .isEqualTo(Rule.NEVER_EXPIRES);
        }

        @Test
        void namesACiTokenThatExpiresLaterThanSoManyDaysFromNow() {
            Rules rules = rules(Map.of(Rule.EXPIRES_LATE, Severity.UNSTABLE), 7);
            Token exactly = ci(2, DAY.multipliedBy(7));
            Token later = ci(1, DAY.multipliedBy(7).plusNanos(1));

            AuditReport report = report(rules, exactly, later, forever(3));

            assertThat(only(report, 1)).isEqualTo(Rule.EXPIRES_LATE);
            assertThat(report.violations().get(0).limit()).isEqualTo(7);
        }

        @Test
        void acceptsTheHighestNumberOfDays() {
            assertThat(report(
                                    rules(Map.of(Rule.EXPIRES_LATE, Severity.UNSTABLE), Integer.MAX_VALUE),
                                    ci(1, DAY.multipliedBy(9_999)))
                            .violations())
                    .isEmpty();
        }

        @Test
        void countsLiveCiTokens() {
            Rules rules = rules(Map.of(Rule.TOO_MANY, Severity.UNSTABLE), 1);

            assertThat(report(rules, ci(1, HOUR), ci(2, A_MOMENT_AGO), integration(3))
                            .violations())
                    .isEmpty();
            assertThat(report(rules, ci(1, HOUR), ci(2, HOUR)).violations())
                    .singleElement()
                    .satisfies(violation -> {
                        assertThat(violation.rule()).isEqualTo(Rule.TOO_MANY);
                        assertThat(violation.total()).isEqualTo(2);
                        assertThat(violation.limit()).isEqualTo(1);
                    });
        }

        /** Anybody who may create a token can write the address of any build, or copy a whole description. */
        @Test
        void isNotBrokenByWhatADescriptionClaims() {
            Token ofBuild = madeBy(1, DEAD, HOUR);
            List<Token> list =
                    List.of(ofBuild, madeBy(2, DEAD, HOUR), madeBy(3, DELETED, HOUR), madeBy(4, RUNNING, HOUR));
            BuildStates states = url -> new BuildStates.Build(BUILDS.get(url), Set.of(id(9)));

            Audit.Result claimed = finish(audit(rule(Rule.LEFT_BY_BUILD)), list, states);

            assertThat(claimed.report().violations()).isEmpty();
            assertThat(claimed.report().counts().leftBehind()).isZero();
            assertThat(claimed.rows()).extracting(TokenRow::madeBy).containsOnly(MadeBy.CLAIMS_BUILD);

            Audit.Result recorded = finish(
                    audit(rule(Rule.LEFT_BY_BUILD)),
                    list,
                    url -> new BuildStates.Build(BUILDS.get(url), url.equals(DEAD) ? Set.of(id(1)) : Set.of()));

            assertThat(recorded.report().violations()).singleElement().satisfies(violation -> {
                assertThat(violation.total()).isEqualTo(1);
                assertThat(violation.findings()).extracting(Finding::id).containsExactly(id(1));
            });
        }

        /** A restored backup has neither the lease nor the build. */
        @Test
        void isBrokenByWhatThisJenkinsSignedForABuildThatIsGone() {
            Audit.Subject live = Tokens.subject();
            var subject = new Audit.Subject(
                    live.organization(),
                    live.query(),
                    live.build(),
                    live.buildUrl(),
                    List.of(),
                    Set.of(),
                    Set.of(),
                    Map.of(),
                    Tokens.OTHER_NONCE::equals);
            List<Token> list = Stream.of(DELETED, DEAD, RUNNING)
                    .map(url -> token(
                            url.hashCode() & 0xff,
                            "signed",
                            TokenDescription.describe("", url, Tokens.OTHER_NONCE),
                            NOW.plus(HOUR)))
                    .toList();

            Audit.Result result = finish(
                    new Audit(subject, rule(Rule.LEFT_BY_BUILD), null, CLOCK),
                    list,
                    url -> BuildStates.Build.of(BUILDS.get(url)));

            assertThat(result.report().counts().leftBehind()).isEqualTo(1);
            assertThat(result.rows())
                    .extracting(TokenRow::madeBy)
                    .containsExactly(MadeBy.DELETED_BUILD, MadeBy.CLAIMS_BUILD, MadeBy.CLAIMS_BUILD);
        }

        /** Whatever the description says, and though the build is gone. */
        @Test
        void isBrokenByWhatAnOpenLeaseKnows() {
            var subject = new Audit.Subject(
                    Tokens.ORG,
                    ListQuery.LIVE,
                    "app #12",
                    BUILD,
                    List.of(),
                    Set.of(),
                    Set.of(),
                    Map.of(
                            id(1),
                            BuildStates.State.GONE,
                            id(2),
                            BuildStates.State.RUNNING,
                            Tokens.OTHER_NONCE,
                            BuildStates.State.OVER),
                    nonce -> false);
            Audit audit = new Audit(subject, rule(Rule.LEFT_BY_BUILD), null, CLOCK);

            Audit.Result result = finish(audit, List.of(ci(1, HOUR), ci(2, HOUR), madeBy(3, FOREIGN, HOUR)), url -> {
                throw new AssertionError("asked about " + url);
            });

            assertThat(result.rows())
                    .extracting(TokenRow::madeBy)
                    .containsExactly(MadeBy.DELETED_BUILD, MadeBy.RUNNING_BUILD, MadeBy.FINISHED_BUILD);
            assertThat(result.report().counts().leftBehind()).isEqualTo(2);
            assertThat(result.report().violations())
                    .singleElement()
                    .satisfies(violation -> assertThat(violation.findings())
                            .extracting(Finding::id)
                            .containsExactly(id(1), id(3)));
        }

        @Test
        void namesTokensOfBuildsThatAreOverOrGone() {
            List<Token> list = List.of(
                    madeBy(1, DEAD, HOUR),
                    madeBy(2, DELETED, HOUR),
                    madeBy(3, RUNNING, HOUR),
                    madeBy(4, FOREIGN, HOUR),
                    madeBy(5, BUILD, HOUR),
                    madeBy(6, DEAD, A_MOMENT_AGO));

            AuditReport report =
                    finish(audit(rule(Rule.LEFT_BY_BUILD)), list, BUILDS).report();

            assertThat(report.violations()).singleElement().satisfies(violation -> {
                assertThat(violation.total()).isEqualTo(2);
                assertThat(violation.findings()).extracting(Finding::id).containsExactlyInAnyOrder(id(1), id(2));
                assertThat(violation.findings()).extracting(Finding::build).containsExactlyInAnyOrder(DEAD, DELETED);
            });
        }

        @Test
        void namesALabelThatDoesNotMatch() {
            Rules rules = labels("ci-[0-9]+");

            AuditReport report = report(rules, token(1, "ci-x", "", null), ci(2, HOUR), integration(3));

            assertThat(only(report, 1)).isEqualTo(Rule.LABEL_MISMATCH);
            assertThat(report.violations().get(0).detail()).isEqualTo("ci-[0-9]+");
        }

        @Test
        void saysSoWhenLabelsCannotBeCheckedInTime() {
            var seconds = new AtomicLong();
            // Each look at the clock finds it two seconds later, so each label takes two.
            var evaluation = new RuleEvaluation(labels("team-.*"), NOW, () -> seconds.addAndGet(2) * 1_000_000_000);
            for (int i = 0; i < 10; i++) {
                evaluation.see(token(i, "team-" + i, "", null), null);
            }
            evaluation.see(token(10, "other", "", null), null);

            Violation violation = evaluation.verdict(11).get(0);

            assertThat(violation.severity()).isEqualTo(Severity.UNSTABLE);
            assertThat(violation.unchecked()).isEqualTo(8);
            assertThat(violation.total()).isZero();
        }

        /** A bound that takes the worst case for what it costs would leave most of them unchecked. */
        @Test
        void checksAllLabelsOfALargeListWhereThatIsQuicklyDone() {
            List<Token> list = IntStream.range(0, 100_000)
                    .mapToObj(i -> token(i, "team-payments/service-" + i, "", null))
                    .toList();

            AuditReport report =
                    finish(audit(labels("[\\w.-]{1,255}/[\\w.-]{1,255}")), list).report();

            assertThat(report.violations()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(Rule.class)
        void isSilentWhenItIsOff(Rule off) {
            Rules rules = new Rules(Map.of(off, Severity.OFF), 0, 0, LabelPattern.parse("never"));
            Audit audit = audit(rules);
            List<Token> list = List.of(forever(1), ci(2, DAY), madeBy(3, BUILD, HOUR), madeBy(4, DEAD, HOUR));

            assertThat(finish(audit, list, BUILDS).report().violations()).isEmpty();
            assertThat(finish(audit(rules), new Outcome.Unsure<>("x"), BuildStates.UNKNOWN)
                            .report()
                            .violations())
                    .isEmpty();
        }

        @Test
        void isBrokenWithTheSeverityThatWasChosen() {
            Rules rules = rules(Map.of(Rule.NEVER_EXPIRES, Severity.WARN, Rule.TOO_MANY, Severity.FAIL), 0);

            AuditReport report = report(rules, forever(1));

            assertThat(report.violations())
                    .extracting(Violation::severity)
                    .containsExactly(Severity.FAIL, Severity.WARN);
            assertThat(report.worst()).isEqualTo(Severity.FAIL);
        }

        @Test
        void namesABoundedNumberOfTokensAndCountsAll() {
            List<Token> list = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                list.add(forever(i));
            }

            Violation violation = finish(audit(rule(Rule.NEVER_EXPIRES)), list)
                    .report()
                    .violations()
                    .get(0);

            assertThat(violation.findings()).hasSize(Violation.MAX_FINDINGS);
            assertThat(violation.total()).isEqualTo(1_000);
            assertThat(violation.forReaders().findings()).hasSize(Violation.MAX_PUBLIC_FINDINGS);
        }

        private Rule only(AuditReport report, int number) {
            assertThat(report.violations()).hasSize(1);
            Violation violation = report.violations().get(0);
            assertThat(violation.total()).isEqualTo(1);
            assertThat(violation.findings()).extracting(Finding::id).containsExactly(id(number));
            assertThat(report.worst()).isEqualTo(Severity.UNSTABLE);
            return violation.rule();
        }
    }

    @Nested
    class WithAPartOfAList {
        private AuditReport partly(Token... tokens) {
            return ended(new Listed(tokens.length, false), tokens);
        }

        private static AuditReport ended(Listed listed, Token... tokens) {
            var audit = audit(rule(Rule.LIST_UNAVAILABLE));
            List.of(tokens).forEach(audit);
            try {
                return audit.finish(new Outcome.Done<>(listed), BuildStates.UNKNOWN)
                        .report();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Test
        void saysThatItIsOne() {
            AuditReport report = partly(forever(1));

            assertThat(report.partial()).isTrue();
            assertThat(report.forReaders().partial()).isTrue();
            assertThat(report.counts().liveCi()).isEqualTo(1);
            assertThat(report.violations()).extracting(Violation::rule).containsExactly(Rule.LIST_UNAVAILABLE);
            assertThat(AuditLog.lines(report))
                    .anyMatch(line -> line.startsWith("This list may not be complete: the response"))
                    .anyMatch(line -> line.contains("the list may lack some of the organization's tokens"));
        }

        /** Nobody says that there is more than was read. */
        @Test
        void doesNotSayThatThereIsMoreOfOneWhoseTokensOnlyMoved() {
            AuditReport report = ended(new Listed(1, false, true), forever(1));

            assertThat(report.partial()).isTrue();
            assertThat(report.moved()).isTrue();
            assertThat(report.forReaders().moved()).isTrue();
            assertThat(report.keeping(0).moved()).isTrue();
            assertThat(report.violations()).singleElement().satisfies(violation -> {
                assertThat(violation.rule()).isEqualTo(Rule.LIST_UNAVAILABLE);
                assertThat(violation.detail()).contains("moved").doesNotContain("more");
            });
            assertThat(AuditLog.lines(report))
                    .anyMatch(line -> line.startsWith("This list may not be complete: tokens in it moved"))
                    .anyMatch(line -> line.contains("a few of the organization's tokens may be missing"))
                    .noneMatch(line -> line.contains("there are more") || line.contains("only a part"));
        }

        @Test
        void concludesNothingFromWhatIsMissing() {
            assertThat(ended(new Listed(0, false, true)).own())
                    .extracting(BuildToken::life)
                    .doesNotContain(BuildToken.Life.GONE);
            assertThat(partly().own()).extracting(BuildToken::life).doesNotContain(BuildToken.Life.GONE);
            assertThat(partly().difference()).isNull();
        }

        /** A cache had kept the list. */
        @Test
        void doesNotDoubtThatWhatWasRevokedIsRevoked() {
            var own = BuildToken.recorded(id(1), "scan", NOW.minusSeconds(60), null, NOW.minusSeconds(1));
            String left = "https://jenkins.example/job/left/1/";
            var audit = new Audit(Tokens.subject(own), rule(Rule.LEFT_BY_BUILD), null, Tokens.CLOCK);
            List.of(
                            forever(1),
                            new Token("revoked", "", Tokens.describe(left), "", "access", null),
                            new Token("left", "", Tokens.describe(left), "", "access", null))
                    .forEach(audit);
            var of = new BuildStates.Build(BuildStates.State.OVER, Set.of("revoked", "left"), Set.of("revoked"));

            Audit.Result result = finish(audit, new Outcome.Done<>(new Listed(3, false)), url -> of);

            assertThat(result.report().own()).extracting(BuildToken::life).containsExactly(BuildToken.Life.REVOKED);
            assertThat(result.listsWhatWasRevoked()).isFalse();
            assertThat(result.report().counts().leftBehind()).isEqualTo(1);
            assertThat(result.report().violations())
                    .flatExtracting(Violation::findings)
                    .extracting(Finding::id)
                    .containsExactly("left");
        }
    }

    private static Audit.Result typed(String type, boolean all) {
        var live = Tokens.subject();
        var subject = new Audit.Subject(
                live.organization(), new ListQuery(false, all), live.build(), live.buildUrl(), List.of(), Set.of());
        var audit = new Audit(subject, rule(Rule.NEVER_EXPIRES), null, Tokens.CLOCK);
        return finish(audit, List.of(new Token("x", "x", "", "", type, null)));
    }

    /** The type is optional in Qwiet's description, and no list of its types is given there. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "access", "ACCESS", "ci", "personal"})
    void noTokenIsOverlookedForItsTypeWhereAccessTokensWereAskedFor(String type) {
        AuditReport report = typed(type, false).report();

        assertThat(report.violations()).extracting(Violation::rule).containsExactly(Rule.NEVER_EXPIRES);
        assertThat(report.counts().liveCi()).isEqualTo(1);
        assertThat(report.counts().otherTypes()).isZero();
    }

    @Test
    void aTokenThatSaysThatItIsAnotherIsNoCiToken() {
        for (boolean all : List.of(false, true)) {
            assertThat(typed("integration", all).report().violations()).isEmpty();
            assertThat(typed("Integration", all).report().counts().otherTypes()).isEqualTo(1);
        }
        assertThat(typed("personal", true).report().violations()).isEmpty();
        assertThat(typed("", true).report().violations()).hasSize(1);
    }

    @Test
    void anUnknownEndIsNotNever() {
        var token = new Token("x", "x", "", NewToken.CI_TOKEN_ROLE, NewToken.ACCESS, null, true);

        Audit.Result result = finish(audit(rule(Rule.NEVER_EXPIRES)), List.of(token));

        assertThat(result.report().violations()).isEmpty();
        assertThat(result.report().counts().liveCi()).isEqualTo(1);
        assertThat(result.report().counts().neverExpire()).isZero();
        assertThat(result.rows().get(0).neverExpires()).isFalse();
    }

    @Nested
    class WithoutAList {
        @Test
        void saysWhatQwietSaidAndWhatToDo() {
            AuditReport report = unavailable(new Outcome.Refused<>(403, "FORBIDDEN", "no tokens:list", List.of()));

            assertThat(report.listed()).isFalse();
            assertThat(report.failure())
                    .isEqualTo(
                            new ListFailure(
                                    403,
                                    "Qwiet responded 403 FORBIDDEN: no tokens:list",
                                    "The service account lacks the API scope tokens:list in this organization. Ask a Qwiet super admin to grant it."));
            assertThat(report.violations()).extracting(Violation::rule).containsExactly(Rule.LIST_UNAVAILABLE);
            assertThat(report.counts()).isEqualTo(Counts.NONE);
        }

        @Test
        void usesNothingOfHalfAList() {
            Audit audit = audit(
                    rules(Map.of(Rule.NEVER_EXPIRES, Severity.UNSTABLE, Rule.LIST_UNAVAILABLE, Severity.FAIL), 0));
            audit.accept(forever(1));

            Audit.Result result = finish(audit, new Outcome.Unsure<>("cut after 1 token"), BuildStates.UNKNOWN);

            assertThat(result.rows()).isEmpty();
            assertThat(result.index().size()).isZero();
            assertThat(result.report().violations()).singleElement().satisfies(violation -> {
                assertThat(violation.rule()).isEqualTo(Rule.LIST_UNAVAILABLE);
                assertThat(violation.severity()).isEqualTo(Severity.FAIL);
                assertThat(violation.detail()).isEqualTo("cut after 1 token");
            });
        }

        @Test
        void tellsEveryKindOfFailureApart() {
            assertThat(unavailable(new Outcome.NotSent<>("refused", null)).failure())
                    .isEqualTo(new ListFailure(0, "refused", ""));
            assertThat(unavailable(new Outcome.Unsure<>("timed out")).failure())
                    .isEqualTo(new ListFailure(0, "timed out", ""));
            assertThat(unavailable(new Outcome.Refused<>(401, "UNAUTHORIZED", "who?", List.of()))
                            .failure()
                            .advice())
                    .contains("credential");
        }

        private AuditReport unavailable(Outcome<Listed> outcome) {
            return finish(audit(rule(Rule.LIST_UNAVAILABLE)), outcome, BuildStates.UNKNOWN)
                    .report();
        }
    }
}
