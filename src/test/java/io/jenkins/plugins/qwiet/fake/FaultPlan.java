package io.jenkins.plugins.qwiet.fake;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Which fault plays for which call: those queued first, then those that always play, then chance. */
final class FaultPlan {
    private final List<Fault> once = new ArrayList<>();
    private final List<Fault> always = new ArrayList<>();
    private List<Fault> lottery = List.of();
    private double probability;
    private Random random = new Random(0);

    synchronized void once(Fault fault) {
        once.add(fault);
    }

    synchronized void always(Fault fault) {
        always.add(fault);
    }

    synchronized void randomly(double newProbability, Random newRandom, List<Fault> faults) {
        probability = newProbability;
        random = newRandom;
        lottery = List.copyOf(faults);
    }

    synchronized void clear() {
        once.clear();
        always.clear();
        lottery = List.of();
    }

    /** Null if all goes well. */
    synchronized Fault next(Operation called) {
        for (Iterator<Fault> queue = once.iterator(); queue.hasNext(); ) {
            Fault fault = queue.next();
            if (fault.concerns(called)) {
                queue.remove();
                return fault;
            }
        }
        for (Fault fault : always) {
            if (fault.concerns(called)) {
                return fault;
            }
        }
        if (lottery.isEmpty() || random.nextDouble() >= probability) {
            return null;
        }
        Fault drawn = lottery.get(random.nextInt(lottery.size()));
        return drawn.concerns(called) ? drawn : null;
    }
}
