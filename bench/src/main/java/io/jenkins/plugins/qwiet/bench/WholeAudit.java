package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ListBytes;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.audit.Audit;
import io.jenkins.plugins.qwiet.audit.BuildStates;
import io.jenkins.plugins.qwiet.audit.LabelPattern;
import io.jenkins.plugins.qwiet.audit.Rule;
import io.jenkins.plugins.qwiet.audit.Rules;
import io.jenkins.plugins.qwiet.audit.Severity;
import io.jenkins.plugins.qwiet.audit.StoredReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An audit that asks every rule, of a list in the form in which Qwiet sends it. */
final class WholeAudit {
    static final int TOKENS = 100_000;

    private static final Clock CLOCK = Clock.fixed(TokenList.NOW, ZoneOffset.UTC);
    private static final Audit.Subject SUBJECT = new Audit.Subject(
            new Organization(ApiAddress.parse(ApiAddress.DEFAULT), "0d1c2b3a-0000-4000-8000-000000000001"),
            new ListQuery(true, true),
            "app #12",
            "https://jenkins.example.com/job/app/12/",
            List.of(),
            Set.of());
    private static final Rules RULES = new Rules(
            Arrays.stream(Rule.values()).collect(Collectors.toMap(Function.identity(), rule -> Severity.WARN)),
            30,
            100,
            LabelPattern.parse("[a-z]+ (CI|nightly|#[0-9]+)"));

    private WholeAudit() {}

    static Audit.Result of(InputStream json, StoredReport previousOrNull) throws IOException {
        var audit = new Audit(SUBJECT, RULES, previousOrNull, CLOCK);
        Listed listed = ListBytes.read(json, audit);
        try {
            return audit.finish(new Outcome.Done<>(listed), url -> BuildStates.Build.of(BuildStates.State.OVER));
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
