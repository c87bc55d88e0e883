package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.api.Texts;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Says in a build's log what an audit found: never more than {@value #MAX_LINES} lines, none of them long. */
public final class AuditLog {
    /** Lines of a screen. */
    public static final int MAX_LINES = 24;
    /** Characters of a line, at most. */
    public static final int MAX_WIDTH = 200;

    private static final Texts TEXTS = Texts.of(AuditLog.class);

    private static final int OWN = 6;
    private static final int LABEL = 40;
    /** Of the table, so that a line of it is no wider than a log is on a screen of 1280 pixels, beside the build's menu. */
    private static final int TABLE = 100;

    private static final int SHORTEST_LABEL = 15;

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
            lines.add(TEXTS.get("AuditLog.none"));
            return;
        }
        lines.add(TEXTS.get("AuditLog.own"));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(TEXTS.get("AuditLog.label"), TEXTS.get("AuditLog.id"), TEXTS.get("AuditLog.state")));
        List<BuildToken> shown = shown(own);
        int others = shown.stream()
                .mapToInt(token -> id(token).length() + state(token).length() + "      ".length())
                .max()
                .orElse(0);
        int room = Math.max(SHORTEST_LABEL, TABLE - others);
        for (BuildToken token : shown) {
            rows.add(List.of(label(token, room), id(token), state(token)));
        }
        TextTable.of(rows).forEach(row -> lines.add("  " + row));
        if (own.size() > OWN) {
            lines.add(TEXTS.get("AuditLog.more", String.valueOf(own.size() - OWN)));
        }
    }

    /** In their order. Of too many, those that are active: they are what somebody has to see. */
    private static List<BuildToken> shown(List<BuildToken> own) {
        Set<BuildToken> shown = Collections.newSetFromMap(new IdentityHashMap<>());
        own.stream()
                .sorted(Comparator.comparing(
                        token -> token.life() != BuildToken.Life.LIVE && token.life() != BuildToken.Life.IN_USE))
                .limit(OWN)
                .forEach(shown::add);
        return own.stream().filter(shown::contains).toList();
    }

    private static String id(BuildToken token) {
        return DisplayText.line(token.id(), LABEL);
    }

    private static String label(BuildToken token, int room) {
        if (token.number() == 1) {
            return DisplayText.line(token.label(), Math.min(LABEL, room));
        }
        String number = TEXTS.get("AuditLog.inLine", "", String.valueOf(token.number()));
        String label = DisplayText.line(token.label(), Math.max(2, Math.min(LABEL, room - number.length())));
        return TEXTS.get("AuditLog.inLine", label, String.valueOf(token.number()));
    }

    private static String state(BuildToken token) {
        return switch (token.life()) {
            case LIVE -> at("AuditLog.live", "AuditLog.liveUntil", token.expiresAt());
            case IN_USE -> at("AuditLog.inUse", "AuditLog.inUseUntil", token.expiresAt());
            case REVOKED -> at("AuditLog.revoked", "AuditLog.revokedAt", token.revokedAt());
            case EXPIRED -> at("AuditLog.expired", "AuditLog.expiredAt", token.expiredAt());
            case GONE -> TEXTS.get("AuditLog.gone");
            case UNKNOWN -> TEXTS.get("AuditLog.unknown");
        };
    }

    private static void summary(AuditReport report, List<String> lines) {
        ListFailure failure = report.failure();
        if (failure != null) {
            lines.add(TEXTS.get("AuditLog.notListed", failure.reason()));
            if (!failure.advice().isEmpty()) {
                lines.add(failure.advice());
            }
            return;
        }
        Counts counts = report.counts();
        List<String> sentences = new ArrayList<>();
        sentences.add(TEXTS.get(
                "AuditLog.summary",
                DisplayText.line(report.orgId(), LABEL),
                counts.liveCi(),
                counts.neverExpire(),
                String.valueOf(counts.madeByJenkins()),
                String.valueOf(counts.leftBehind())));
        if (report.includeIntegrations()) {
            sentences.add(TEXTS.get("AuditLog.otherTypes", String.valueOf(counts.otherTypes())));
        }
        if (report.includeExpired()) {
            sentences.add(TEXTS.get("AuditLog.listedExpired", String.valueOf(counts.expired())));
        }
        lines.add(String.join(" ", sentences));
        if (report.partial()) {
            lines.add(TEXTS.get(report.moved() ? "AuditLog.moved" : "AuditLog.partial"));
        }
        difference(report, lines);
    }

    private static void difference(AuditReport report, List<String> lines) {
        Difference difference = report.difference();
        if (difference != null) {
            lines.add(TEXTS.get(
                    difference.exact() ? "AuditLog.difference" : "AuditLog.differenceInPart",
                    DisplayText.line(difference.build(), LABEL),
                    String.valueOf(difference.added()),
                    String.valueOf(difference.gone()),
                    String.valueOf(difference.changed())));
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
            lines.add(verdict(violation, named));
            lines.addAll(findings);
        }
    }

    private static String verdict(Violation violation, int named) {
        String severity = violation.severity().toString();
        String sentence = sentence(violation);
        if (named == 0) {
            return TEXTS.get("AuditLog.verdict", severity, sentence);
        }
        return violation.total() > named
                ? TEXTS.get("AuditLog.verdictAndFirst", severity, sentence, String.valueOf(named))
                : TEXTS.get("AuditLog.verdictAndAll", severity, sentence);
    }

    private static String named(Finding finding) {
        String label = DisplayText.line(finding.label(), LABEL);
        String id = DisplayText.line(finding.id(), LABEL);
        Instant end = finding.expiresAt();
        return end == null
                ? TEXTS.get("AuditLog.named", label, id)
                : TEXTS.get("AuditLog.namedWithEnd", label, id, DisplayTime.text(end));
    }

    /** With the time, if it is known. */
    private static String at(String key, String keyWithTime, @CheckForNull Instant time) {
        return time == null ? TEXTS.get(key) : TEXTS.get(keyWithTime, DisplayTime.text(time));
    }

    /** What is wrong, in one sentence without its full stop. */
    @NonNull
    public static String sentence(@NonNull Violation violation) {
        String sentence = ofRule(violation);
        return violation.unchecked() == 0
                ? sentence
                : TEXTS.get("AuditLog.unchecked", sentence, String.valueOf(violation.unchecked()));
    }

    private static String ofRule(Violation violation) {
        long total = violation.total();
        return switch (violation.rule()) {
            case OWN_TOKEN_LIVE -> TEXTS.get("AuditLog.ownTokenLive", total);
            case NEVER_EXPIRES -> TEXTS.get("AuditLog.neverExpires", total);
            case EXPIRES_LATE -> TEXTS.get("AuditLog.expiresLate", total, limit(violation));
            case TOO_MANY -> TEXTS.get("AuditLog.tooMany", total, String.valueOf(limit(violation)));
            case LEFT_BY_BUILD -> TEXTS.get("AuditLog.leftByBuild", total);
            case LABEL_MISMATCH ->
                TEXTS.get("AuditLog.labelMismatch", total, DisplayText.line(violation.detail(), LABEL));
            case LIST_UNAVAILABLE -> noList(violation);
        };
    }

    /** Why the list is missing or not the whole, of {@link Rule#LIST_UNAVAILABLE}: words of somebody else, maybe. */
    @NonNull
    public static String listDetail(@NonNull Violation violation) {
        String detail = violation.detail();
        if (Violation.PARTIAL_LIST.equals(detail)) {
            return TEXTS.get("AuditLog.partialList");
        }
        return Violation.MOVED_LIST.equals(detail) ? TEXTS.get("AuditLog.movedList") : detail == null ? "" : detail;
    }

    private static String noList(Violation violation) {
        if (Violation.PARTIAL_LIST.equals(violation.detail())) {
            return TEXTS.get("AuditLog.listInPart");
        } else if (Violation.MOVED_LIST.equals(violation.detail())) {
            return TEXTS.get("AuditLog.listMoved");
        }
        return violation.total() == 0 ? TEXTS.get("AuditLog.noList") : TEXTS.get("AuditLog.ownListOnly");
    }

    private static int limit(Violation violation) {
        Integer limit = violation.limit();
        return limit == null ? 0 : limit;
    }
}
