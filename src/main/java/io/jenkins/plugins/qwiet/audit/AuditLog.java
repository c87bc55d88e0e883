package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Says in a build's log what an audit found: never more than {@value #MAX_LINES} lines, none of them long. */
public final class AuditLog {
    /** Lines of a screen. */
    public static final int MAX_LINES = 24;
    /** Characters of a line, at most. */
    public static final int MAX_WIDTH = 200;

    private static final int OWN = 6;
    private static final int LABEL = 40;

    private AuditLog() {}

    /** The lines, without line ends. Everything that other people wrote is made harmless. */
    @NonNull
    public static List<String> lines(@NonNull AuditReport report) {
        List<String> lines = new ArrayList<>();
        own(report.own(), lines);
        summary(report, lines);
        verdict(report, lines);
        lines.replaceAll(line -> DisplayText.line(line, MAX_WIDTH));
        return lines;
    }

    private static void own(List<BuildToken> own, List<String> lines) {
        if (own.isEmpty()) {
            lines.add("This build made no Qwiet token.");
            return;
        }
        lines.add("Qwiet tokens of this build:");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("LABEL", "ID", "STATE", "EXPIRES"));
        for (BuildToken token : own.subList(0, Math.min(own.size(), OWN))) {
            rows.add(List.of(
                    label(token), DisplayText.line(token.id(), LABEL), state(token), time("", token.expiresAt(), "-")));
        }
        TextTable.of(rows).forEach(row -> lines.add("  " + row));
        if (own.size() > OWN) {
            lines.add("  and " + (own.size() - OWN) + " more");
        }
    }

    private static String label(BuildToken token) {
        String label = DisplayText.line(token.label(), LABEL);
        return token.number() == 1 ? label : label + " (number " + token.number() + " in turn)";
    }

    private static String state(BuildToken token) {
        return switch (token.life()) {
            case LIVE -> "STILL LIVE";
            case IN_USE -> "in use";
            case REVOKED -> time("revoked ", token.revokedAt(), "revoked");
            case EXPIRED -> time("expired ", token.expiredAt(), "expired");
            case GONE -> "not listed";
            case UNKNOWN -> "unknown";
        };
    }

    private static void summary(AuditReport report, List<String> lines) {
        ListFailure failure = report.failure();
        if (failure != null) {
            lines.add("The organization's Qwiet tokens could not be listed: " + failure.reason());
            if (!failure.advice().isEmpty()) {
                lines.add(failure.advice());
            }
            return;
        }
        Counts counts = report.counts();
        var line = new StringBuilder("Organization " + DisplayText.line(report.orgId(), LABEL) + ": ")
                .append(count(counts.liveCi(), "live CI token"))
                .append(" (")
                .append(counts.neverExpire())
                .append(" never expire), ")
                .append(counts.madeByJenkins())
                .append(" made by builds, ")
                .append(counts.leftBehind())
                .append(" left behind");
        if (report.includeIntegrations()) {
            line.append(", ").append(counts.otherTypes()).append(" of other types");
        }
        if (report.includeExpired()) {
            line.append(", ").append(counts.expired()).append(" expired");
        }
        lines.add(line.append('.').toString());
        if (report.partial()) {
            lines.add("These are not all: Qwiet's list says that there is more, in a way that cannot be followed.");
        }
        difference(report, lines);
    }

    private static void difference(AuditReport report, List<String> lines) {
        Difference difference = report.difference();
        if (difference != null) {
            lines.add("Since " + DisplayText.line(difference.build(), LABEL) + ": "
                    + difference.added() + " new, " + difference.gone() + " gone, " + difference.changed()
                    + " changed" + (difference.exact() ? "." : ", of those that could be compared."));
        }
    }

    private static void verdict(AuditReport report, List<String> lines) {
        List<Violation> violations = report.violations();
        int room = MAX_LINES - lines.size() - violations.size();
        long withFindings =
                violations.stream().filter(v -> !v.findings().isEmpty()).count();
        for (Violation violation : violations) {
            int named = 0;
            List<String> findings = new ArrayList<>();
            if (!violation.findings().isEmpty()) {
                int fair = (int) (room / withFindings--);
                named = Math.min(
                        Violation.MAX_PUBLIC_FINDINGS,
                        Math.min(fair, violation.findings().size()));
                room -= named;
                violation.findings().subList(0, named).forEach(finding -> findings.add(named(finding)));
            }
            long more = violation.total() - named;
            String rest = named > 0 && more > 0 ? "; the first " + named + ":" : named > 0 ? ":" : ".";
            lines.add(violation.severity() + ": " + sentence(violation) + rest);
            lines.addAll(findings);
        }
    }

    private static String named(Finding finding) {
        String end = time(", expires ", finding.expiresAt(), "");
        return "  \"" + DisplayText.line(finding.label(), LABEL) + "\" (" + DisplayText.line(finding.id(), LABEL) + ")"
                + end;
    }

    private static String time(String before, @CheckForNull Instant time, String otherwise) {
        return time == null ? otherwise : before + DisplayTime.text(time);
    }

    /** What is wrong, in one sentence without its full stop. */
    @NonNull
    public static String sentence(@NonNull Violation violation) {
        long total = violation.total();
        String tokens = count(total, "CI token");
        String sentence =
                switch (violation.rule()) {
                    case OWN_TOKEN_LIVE -> count(total, "token") + " of this build " + be(total) + " still live";
                    case NEVER_EXPIRES -> tokens + (total == 1 ? " never expires" : " never expire");
                    case EXPIRES_LATE ->
                        tokens + (total == 1 ? " expires" : " expire") + " later than " + count(limit(violation), "day")
                                + " from now";
                    case TOO_MANY -> tokens + " " + be(total) + " live, more than " + limit(violation);
                    case LEFT_BY_BUILD ->
                        count(total, "token") + " that Jenkins made for builds now over or deleted " + be(total)
                                + " still live";
                    case LABEL_MISMATCH ->
                        "the " + (total == 1 ? "label" : "labels") + " of " + tokens + " "
                                + (total == 1 ? "does" : "do") + " not match the pattern "
                                + DisplayText.line(violation.detail(), LABEL);
                    case LIST_UNAVAILABLE ->
                        Violation.PARTIAL_LIST.equals(violation.detail())
                                ? "a part of the organization's tokens was listed, and the other rules were asked about that"
                                : "the organization's tokens could not be listed, so "
                                        + (total == 0
                                                ? "no other rule was asked"
                                                : "only those of this build were checked, which Jenkins knows to be live");
                };
        return violation.unchecked() == 0
                ? sentence
                : sentence + " (" + violation.unchecked() + " more could not be checked in reasonable time)";
    }

    private static long limit(Violation violation) {
        Integer limit = violation.limit();
        return limit == null ? 0 : limit;
    }

    private static String be(long count) {
        return count == 1 ? "is" : "are";
    }

    private static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
