package io.jenkins.plugins.qwiet.world;

import java.util.List;
import java.util.Random;

/** All chance in a world. The same seed throws the same. For one thread. */
final class Dice {
    private final Random random;

    Dice(long seed) {
        // Neighbouring seeds must not make similar worlds.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L ^ seed >>> 29);
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** Each from 0 up to, and without, the end. */
    int below(int end) {
        return random.nextInt(end);
    }

    /** Both ends included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** Mostly near the least, seldom near the most, as such things are. */
    long skewed(long least, long most) {
        double share = random.nextDouble();
        return least + (long) ((most - least) * share * share * share);
    }

    /**
     * How much of something gets done: nothing, all of it, or a part. However long it is, the same is thrown for it, so that a
     * text that names the process, which no seed knows, makes no other world.
     */
    int part(int length) {
        double share = random.nextDouble();
        if (share < 0.2 || share >= 0.9 || length < 2) {
            return share < 0.2 ? 0 : length;
        }
        return 1 + (int) ((length - 1) * (share - 0.2) / 0.7);
    }

    <T> T oneOf(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }

    /** For what is written for a generator of Java's own. */
    Random random() {
        return random;
    }

    String hex(int digits) {
        var text = new StringBuilder(digits);
        while (text.length() < digits) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return text.toString();
    }

    /** As the ids of Qwiet are. */
    String uuid() {
        return hex(8) + '-' + hex(4) + "-4" + hex(3) + "-8" + hex(3) + '-' + hex(12);
    }
}
