package io.jenkins.plugins.qwiet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/**
 * One line of {@code bench/run}: what was measured, beside its peer, against its goal. Medians of rounds, with the least
 * and the most in brackets; ratios are made round by round, as a round's two halves are measured next to each other.
 *
 * @param name of the row
 * @param unit of what was measured
 * @param ours one number a round
 * @param peers one number a round; empty if there is no peer
 */
public record Figure(String name, String unit, double[] ours, double[] peers) {
    private static final String FILE = System.getProperty("bench.figures");

    /** Prints a figure that has no goal. */
    public void print() {
        line(measured());
    }

    /** Prints it with its goal: so many times the peer's at most. */
    public void timesPeerAtMost(double goal) {
        double[] ratios = ratios();
        against(ratios, "at most " + plain(goal), median(ratios) <= goal);
    }

    /** Prints it with its goal: so many times the peer's at least. */
    public void timesPeerAtLeast(double goal) {
        double[] ratios = ratios();
        against(ratios, "at least " + plain(goal), median(ratios) >= goal);
    }

    /** Prints it with its goal: so much at most. */
    public void atMost(double goal) {
        line(measured() + " | goal at most " + plain(goal) + " " + unit + " | "
                + (median(ours) <= goal ? "met" : "MISSED"));
    }

    /**
     * Prints it with its goal: no difference from the peer that can be told from chance. By the sign test: if there is
     * none, each is the higher in half of the rounds, and in more than 8 of 10 (or in less than 2) only once in 50 tries.
     */
    public void noDifference() {
        var differences = new double[ours.length];
        Arrays.setAll(differences, i -> ours[i] - peers[i]);
        long higher =
                Arrays.stream(differences).filter(difference -> difference > 0).count();
        boolean met = Math.max(higher, ours.length - higher) <= 0.8 * ours.length;
        String verdict = ours.length < 10 ? "too few to tell" : met ? "met" : "MISSED";
        line(measured() + " | difference " + spread(differences) + " " + unit + ", higher in " + higher + " of "
                + ours.length + " | goal no measurable difference | " + verdict);
    }

    private void against(double[] ratios, String goal, boolean met) {
        line(measured() + " | ratio " + spread(ratios) + " | goal " + goal + " | " + (met ? "met" : "MISSED"));
    }

    private String measured() {
        String peer = peers.length == 0 ? "" : " | peer " + spread(peers) + " " + unit;
        return name + " | " + spread(ours) + " " + unit + peer;
    }

    private double[] ratios() {
        var ratios = new double[ours.length];
        Arrays.setAll(ratios, i -> ours[i] / peers[i]);
        return ratios;
    }

    static String spread(double[] numbers) {
        double least = Arrays.stream(numbers).min().orElse(Double.NaN);
        double most = Arrays.stream(numbers).max().orElse(Double.NaN);
        return plain(median(numbers)) + (numbers.length < 2 ? "" : " (" + plain(least) + " to " + plain(most) + ")");
    }

    static double median(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Three digits, or all of those before the point. */
    static String plain(double number) {
        double size = Math.abs(number);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", number);
    }

    private static void line(String text) {
        if (FILE == null) {
            System.out.println(text);
            return;
        }
        // Surefire has its own mind about what a test prints.
        try {
            Files.writeString(
                    Path.of(FILE),
                    text + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
