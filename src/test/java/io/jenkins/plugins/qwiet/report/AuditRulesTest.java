package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.Severity;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Each rule, at each severity, in both kinds of jobs. */
class AuditRulesTest extends WithQwiet {
    private static final List<String> ALL = List.of(
            "ownTokenLive",
            "neverExpires",
            "expiresLate",
            "tooMany",
            "leftByBuild",
            "labelMismatch",
            "listUnavailable");

    private LeftTokens left;

    @AfterEach
    void forget() throws Exception {
        if (left != null) {
            left.forget();
        }
    }

    static Stream<Arguments> everything() {
        return Stream.of(AuditedJob.values())
                .flatMap(job -> ALL.stream()
                        .flatMap(rule ->
                                Stream.of(Severity.values()).map(severity -> Arguments.of(job, rule, severity))));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void givesTheBuildItsResultAndSaysWhy(AuditedJob kind, String rule, Severity severity) throws Exception {
        Broken broken = breakRule(rule);
        Map<String, Object> arguments = new LinkedHashMap<>(broken.arguments);
        ALL.forEach(each -> arguments.put(each, each.equals(rule) ? severity.name() : "OFF"));

        Run<?, ?> run = kind.build(jenkins, result(severity), broken.mints, arguments);

        String log = JenkinsRule.getLog(run);
        if (severity == Severity.OFF) {
            assertThat(log).doesNotContain(broken.sentence);
            return;
        }
        assertThat(log).contains(severity + ": " + broken.sentence);
        String message = message(run, severity, log);
        if (message != null) {
            assertThat(message).contains(rule + ": " + broken.sentence);
        }
        FakeToken token = broken.token();
        if (token != null) {
            assertThat(log).contains("\"" + token.label() + "\" (" + token.id() + ")");
            if (message != null) {
                assertThat(message).contains("\"" + token.label() + "\" (" + token.id() + ")");
            }
        }
        assertThat(log).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unstable", "Unstable", " UNSTABLE "})
    void takesASeverityInAnyCase(String written) throws Exception {
        Broken broken = breakRule("neverExpires");
        for (AuditedJob kind : AuditedJob.values()) {
            Run<?, ?> run = kind.build(jenkins, Result.UNSTABLE, broken.mints, Map.of("neverExpires", written));

            assertThat(JenkinsRule.getLog(run)).contains("UNSTABLE: " + broken.sentence);
        }
        var job = jenkins.createProject(
                WorkflowJob.class, "declarative-" + written.trim().length() + written.charAt(0));
        job.setDefinition(new CpsFlowDefinition(
                "pipeline { agent none; stages { stage('s') { steps { qwietTokenAudit(neverExpires: '" + written
                        + "') } } } }",
                true));
        jenkins.assertBuildStatus(Result.UNSTABLE, job.scheduleBuild2(0));
    }

    @Test
    void answersAnUnknownSeverityWithThoseThatAreKnown() throws Exception {
        for (AuditedJob kind : AuditedJob.values()) {
            Run<?, ?> run = kind.build(
                    jenkins, Result.FAILURE, false, Map.of("neverExpires", "loud", "tooMany", "never", "maxDays", -1));

            assertThat(JenkinsRule.getLog(run))
                    .contains(
                            "neverExpires: \"loud\" is not a severity: expected OFF, WARN, UNSTABLE, FAIL.",
                            "tooMany: \"never\" is not a severity",
                            "maxDays: ")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void theFormKeepsAnUnknownSeverity() throws Exception {
        var job = jenkins.createFreeStyleProject();
        var audit = new QwietTokenAudit();
        audit.setNeverExpires("loud");
        audit.setTooMany("fail");
        job.getPublishersList().add(audit);

        var after = jenkins.configRoundtrip(job).getPublishersList().get(QwietTokenAudit.class);

        assertThat(after.getNeverExpires()).isEqualTo("loud");
        assertThat(after.getTooMany()).isEqualTo("FAIL");
        assertThat(after.getLeftByBuild()).isEqualTo("WARN");
    }

    private static Result result(Severity severity) {
        return switch (severity) {
            case OFF, WARN -> Result.SUCCESS;
            case UNSTABLE -> Result.UNSTABLE;
            case FAIL -> Result.FAILURE;
        };
    }

    /** What a Pipeline's views say of the stage, or the last line of the log; null where nothing is to be said. */
    private static String message(Run<?, ?> run, Severity severity, String log) {
        if (severity == Severity.FAIL) {
            return log.lines()
                    .filter(line -> line.contains("The audit of Qwiet tokens fails this build: "))
                    .findFirst()
                    .orElseThrow();
        } else if (severity == Severity.UNSTABLE && run instanceof WorkflowRun pipeline) {
            var node = new DepthFirstScanner()
                    .findFirstMatch(
                            pipeline.getExecution(), each -> each.getPersistentAction(WarningAction.class) != null);
            assertThat(node).isNotNull();
            return node.getPersistentAction(WarningAction.class).getMessage();
        }
        return null;
    }

    private record Broken(Map<String, Object> arguments, boolean mints, String sentence, Supplier<FakeToken> named) {
        FakeToken token() {
            return named == null ? null : named.get();
        }
    }

    private Broken breakRule(String rule) throws Exception {
        var organization = qwiet.organization();
        return switch (rule) {
            case "ownTokenLive" ->
                new Broken(Map.of("revoke", false), true, "1 token of this build is still active", null);
            case "neverExpires" -> {
                FakeToken token = organization.add("forever", "", null, "access");
                yield new Broken(Map.of(), false, "1 CI token never expires", () -> token);
            }
            case "expiresLate" -> {
                FakeToken token = organization.add("late", "", days(20), "access");
                yield new Broken(
                        Map.of("maxDays", 10), false, "1 CI token expires later than 10 days from now", () -> token);
            }
            case "tooMany" -> {
                organization.add("one", "", days(1), "access");
                organization.add("two", "", days(1), "access");
                yield new Broken(Map.of("maxLive", 1), false, "2 CI tokens are active, more than 1", null);
            }
            case "leftByBuild" -> {
                String url = jenkins.getURL() + "job/no-such-job/7/";
                left = new LeftTokens(qwiet);
                FakeToken token = left.add("left", "", url, "no-such-job#7");
                yield new Broken(
                        Map.of(),
                        false,
                        "1 token that Jenkins created for a completed or deleted build is still active",
                        () -> token);
            }
            case "labelMismatch" -> {
                organization.add("team-a #1", "", days(1), "access");
                FakeToken token = organization.add("team-a'; #1", "", days(1), "access");
                yield new Broken(
                        Map.of("labelPattern", "team-[a-z]+ #\\d+"),
                        false,
                        "the label of 1 CI token does not match the pattern team-[a-z]+ #\\d+",
                        () -> token);
            }
            default -> {
                qwiet.faultAlways(Fault.status(Operation.LIST, 403, "FORBIDDEN", "you may not list"));
                yield new Broken(
                        Map.of(),
                        false,
                        "the organization's tokens could not be listed, so no other rule was evaluated",
                        null);
            }
        };
    }

    private static Instant days(int days) {
        return Instant.now().plus(Duration.ofDays(days));
    }

    @ParameterizedTest
    @EnumSource
    void byDefaultSaysWhatItFindsAndChangesNoResult(AuditedJob kind) throws Exception {
        qwiet.organization().add("forever", "", null, "access");

        Run<?, ?> run = kind.build(jenkins, Result.SUCCESS, false, Map.of());

        jenkins.assertLogContains("This build created no Qwiet token.", run);
        jenkins.assertLogContains("1 active CI token (1 never expires)", run);
        jenkins.assertLogContains("WARN: 1 CI token never expires:", run);
        jenkins.assertLogContains("Full report: Qwiet token audit", run);
    }

    @ParameterizedTest
    @EnumSource
    void theHeaviestBrokenRuleDecides(AuditedJob kind) throws Exception {
        FakeToken forever = qwiet.organization().add("forever", "", null, "access");

        Run<?, ?> run = kind.build(
                jenkins,
                Result.FAILURE,
                false,
                Map.of("neverExpires", "UNSTABLE", "labelPattern", "x", "labelMismatch", "FAIL"));

        jenkins.assertLogContains("UNSTABLE: 1 CI token never expires", run);
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.contains("fails this build")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("labelMismatch: ")
                        .contains(forever.id())
                        .doesNotContain("neverExpires"));
    }

    @ParameterizedTest
    @EnumSource
    void namesTheFirstTokensAndCountsTheRest(AuditedJob kind) throws Exception {
        for (int i = 0; i < 12; i++) {
            qwiet.organization().add("forever " + i, "", null, "access");
        }

        Run<?, ?> run = kind.build(jenkins, Result.FAILURE, false, Map.of("neverExpires", "FAIL"));

        jenkins.assertLogContains("neverExpires: 12 CI tokens never expire: \"forever 0\"", run);
        jenkins.assertLogContains(" and 7 more", run);
    }

    @ParameterizedTest
    @EnumSource
    void anOutageIsOneClearMessage(AuditedJob kind) throws Exception {
        qwiet.close();

        Run<?, ?> run = kind.build(jenkins, Result.UNSTABLE, false, Map.of("listUnavailable", "UNSTABLE"));

        jenkins.assertLogContains("The organization's Qwiet tokens could not be listed: ", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @ParameterizedTest
    @EnumSource
    void aMissingScopeIsSaidInQwietsWordsWithWhatToDo(AuditedJob kind) throws Exception {
        qwiet.faultAlways(Fault.status(Operation.LIST, 403, "FORBIDDEN", "you may not list"));

        Run<?, ?> run = kind.build(jenkins, Result.SUCCESS, false, Map.of());

        jenkins.assertLogContains("Qwiet responded 403 FORBIDDEN: you may not list", run);
        jenkins.assertLogContains("lacks the API scope tokens:list", run);
    }
}
