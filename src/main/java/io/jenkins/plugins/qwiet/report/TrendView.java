package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditTrend;
import io.jenkins.plugins.qwiet.audit.TrendCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The numbers of a job's latest audits as its page shows them.
 *
 * @param jobUrl below the root of this Jenkins
 */
public record TrendView(@NonNull AuditTrend trend, @NonNull String jobUrl) {
    /** Whether there is anything to show. */
    public boolean any() {
        return !trend.audits().isEmpty();
    }

    /** The three numbers, each with its curve. */
    @NonNull
    public List<Curve> curves() {
        return List.of(
                curve(Messages.ReportView_liveCi(), "live", Counts::liveCi),
                curve(Messages.ReportView_neverExpire(), "never", Counts::neverExpire),
                curve(Messages.ReportView_leftBehind(), "left", Counts::leftBehind));
    }

    private long greatest() {
        return trend.audits().stream()
                .map(AuditTrend.Point::counts)
                .filter(Objects::nonNull)
                .flatMapToLong(counts -> LongStream.of(counts.liveCi(), counts.neverExpire(), counts.leftBehind()))
                .max()
                .orElse(0);
    }

    private Curve curve(String name, String kind, ToLongFunction<Counts> number) {
        var values = new ArrayList<Long>();
        trend.audits().forEach(audit -> {
            Counts counts = audit.counts();
            values.add(counts == null ? null : number.applyAsLong(counts));
        });
        var curve = new TrendCurve(values, greatest());
        return new Curve(
                name,
                "qwiet-curve qwiet-curve-" + kind,
                curve,
                IntStream.range(0, values.size())
                        .filter(i -> values.get(i) != null)
                        .mapToObj(i -> {
                            Audit audit = audit(trend.audits().get(i));
                            return new Dot(
                                    curve.dot(i),
                                    audit.href(),
                                    Messages.TrendView_point(
                                            audit.name(), audit.at().text(), String.valueOf(values.get(i))));
                        })
                        .toList());
    }

    /** The audits, the oldest first. */
    @NonNull
    public List<Audit> audits() {
        return trend.audits().stream().map(this::audit).toList();
    }

    private Audit audit(AuditTrend.Point point) {
        return new Audit(
                "#" + point.build(),
                jobUrl + point.build() + "/" + QwietTokensAction.URL + "/",
                new DisplayTime(point.at()),
                point.counts(),
                point.partial());
    }

    /** How many of the job's builds were audited, as far as they are shown. */
    @NonNull
    public String headline() {
        return Messages.TrendView_headline(String.valueOf(trend.audits().size()));
    }

    /** How many audits are not shown because they are of another organization than those that are; empty if none is. */
    @NonNull
    public String others() {
        return trend.ofOthers() == 0 ? "" : Messages.TrendView_others(trend.ofOthers());
    }

    /** The oldest audit. */
    @NonNull
    public String first() {
        return "#" + trend.audits().get(0).build();
    }

    /** The newest audit; null if there is but one. */
    @CheckForNull
    public String last() {
        int count = trend.audits().size();
        return count == 1 ? null : "#" + trend.audits().get(count - 1).build();
    }

    /**
     * One number over all audits.
     *
     * @param style classes of CSS
     * @param shape what to draw
     * @param dots one for each audit that has the number
     */
    public record Curve(
            @NonNull String name,
            @NonNull String style,
            @NonNull TrendCurve shape,
            @NonNull List<Dot> dots) {}

    /**
     * One number of one audit.
     *
     * @param href of the audit, below the root of this Jenkins
     * @param text build, time and number
     */
    public record Dot(
            @NonNull TrendCurve.Dot at,
            @NonNull String href,
            @NonNull String text) {}

    /**
     * One audit.
     *
     * @param name of the build
     * @param href below the root of this Jenkins
     * @param counts null if the organization's tokens could not be listed
     * @param partial whether the list may not have been the whole
     */
    public record Audit(
            @NonNull String name,
            @NonNull String href,
            @NonNull DisplayTime at,
            @CheckForNull Counts counts,
            boolean partial) {}
}
