package io.jenkins.plugins.qwiet.lease;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each node answers with what it has, and asks anew behind that, in the manner of RFC 5861. So each answer is of as many cleanups
 * ago as there are nodes, all the time.
 */
class StaleWhileRevalidateTest extends KeptLists {
    @Override
    Kept answer(Kept kept, Kept fresh) {
        return kept == null ? fresh : kept;
    }

    @Override
    Kept keep(Kept kept, Kept fresh) {
        return fresh;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 6})
    void endNoLeaseOfATokenThatLives(int nodes) throws Exception {
        ordinaryBuilds(nodes, 60);
        String token = loseACreation();
        sweepTenMinutes(8);
        hasItsLease(token);
    }
}
