package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One number over several audits, as a curve of its own: in one picture, few tokens would vanish beside very many. Lengths are
 * in units of SVG, and from the upper left corner.
 *
 * @param values null where there is none
 * @param widest the number that takes the most room on the axes of all curves that stand together, so that these begin alike
 */
public record TrendCurve(@NonNull List<Long> values, long widest) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 84;
    private static final int TOP = 8;
    private static final int BASE = HEIGHT - TOP;
    private static final int END = WIDTH - TOP;
    private static final int DIGIT = 7;
    private static final int GAP = 6;

    public TrendCurve {
        values = new ArrayList<>(values);
        if (values.stream().noneMatch(Objects::nonNull)) {
            throw new IllegalArgumentException("no number");
        }
    }

    /** The size of the picture. */
    @NonNull
    public String viewBox() {
        return "0 0 " + WIDTH + " " + HEIGHT;
    }

    /** The greatest number. */
    public long most() {
        return values.stream()
                .filter(Objects::nonNull)
                .mapToLong(value -> value)
                .max()
                .orElseThrow();
    }

    /** The newest number. */
    public long newest() {
        return values.stream()
                .filter(Objects::nonNull)
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    /** Where the axis begins: right of its numbers. */
    public int left() {
        return GAP + DIGIT * String.valueOf(Math.max(most(), widest)).length();
    }

    /** Where the axis ends. */
    public int right() {
        return END;
    }

    /** Where the greatest number is. */
    public int top() {
        return TOP;
    }

    /** Where zero is. */
    public int base() {
        return BASE;
    }

    /** Where the numbers of the axis end. */
    public int labels() {
        return left() - GAP + 1;
    }

    /** Room for the curve alone. */
    private double step() {
        return values.size() == 1 ? 0 : (double) (END - GAP - left() - GAP) / (values.size() - 1);
    }

    private double x(int index) {
        return values.size() == 1 ? (left() + END) / 2.0 : left() + GAP + index * step();
    }

    private double y(long value) {
        return most() == 0 ? BASE : BASE - (double) (BASE - TOP) * value / most();
    }

    /** The parts of the curve, broken where there is no number; each as the points of an SVG {@code polyline}. */
    @NonNull
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        var line = new ArrayList<String>();
        for (int i = 0; i <= values.size(); i++) {
            Long value = i == values.size() ? null : values.get(i);
            if (value != null) {
                line.add(text(x(i)) + "," + text(y(value)));
            } else {
                if (line.size() > 1) {
                    lines.add(String.join(" ", line));
                }
                line.clear();
            }
        }
        return lines;
    }

    /** A dot, and the column in which a pointer finds it; null where there is no number. */
    @CheckForNull
    public Dot dot(int index) {
        Long value = values.get(index);
        if (value == null) {
            return null;
        }
        double half = values.size() == 1 ? (END - left()) / 2.0 : step() / 2;
        double from = Math.max(0, x(index) - half);
        return new Dot(text(x(index)), text(y(value)), text(from), text(Math.min(WIDTH, x(index) + half) - from));
    }

    /**
     * Where a number is.
     *
     * @param from where the column begins, which is as high as the picture
     * @param width of the column
     */
    public record Dot(
            @NonNull String x,
            @NonNull String y,
            @NonNull String from,
            @NonNull String width) {}

    private static String text(double length) {
        return String.valueOf(Math.round(length * 10) / 10.0);
    }
}
