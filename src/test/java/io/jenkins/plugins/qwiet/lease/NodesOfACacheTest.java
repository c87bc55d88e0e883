package io.jenkins.plugins.qwiet.lease;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each node keeps its list for three hours; Jenkins may be restarted once the creation was lost. */
class NodesOfACacheTest extends KeptLists {
    @Override
    Kept answer(Kept kept, Kept fresh) {
        return kept == null || kept.at().plus(Duration.ofHours(3)).isBefore(fresh.at()) ? fresh : kept;
    }

    @Override
    Kept keep(Kept kept, Kept fresh) {
        return answer(kept, fresh);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "2,true", "4,false", "4,true", "6,true", "8,true"})
    void endNoLeaseOfATokenThatLives(int nodes, boolean restarts) throws Exception {
        ordinaryBuilds(nodes, 12);
        String token = loseACreation();
        if (restarts) {
            world.restartWithoutClock();
        }
        sweepTenMinutes(8);
        hasItsLease(token);
    }
}
