package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.DistinctIds;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FirstListedTest {
    private final FirstListed listed = new FirstListed();

    private static DistinctIds ids(int from, int to) {
        var ids = new DistinctIds();
        IntStream.range(from, to).forEach(i -> ids.add("token-" + i));
        return ids;
    }

    @Test
    void theFirstListCounts() {
        listed.listed(ids(0, 3), true, 1);
        listed.listed(ids(0, 5), true, 2);
        assertThat(listed.of("token-2")).isEqualTo(1);
        assertThat(listed.of("token-4")).isEqualTo(2);
        assertThat(listed.of("token-5")).isEqualTo(FirstListed.NEVER);
    }

    @Test
    void whatAWholeListLacksIsForgottenAndWhatAPartLacksIsNot() {
        listed.listed(ids(0, 3), true, 1);
        listed.listed(ids(1, 3), false, 2);
        assertThat(listed.of("token-0")).isEqualTo(1);
        listed.listed(ids(1, 3), true, 3);
        assertThat(listed.of("token-0")).isEqualTo(FirstListed.NEVER);
        assertThat(listed.of("token-1")).isEqualTo(1);
    }

    @Test
    void nothingOfALongListIsForgotten() {
        listed.listed(ids(0, 100), false, 1);
        listed.listed(ids(0, 300_000), false, 2);
        listed.listed(ids(50, 300_000), true, 3);
        assertThat(IntStream.range(50, 300_000).filter(i -> listed.of("token-" + i) != (i < 100 ? 1 : 2)))
                .isEmpty();
        assertThat(listed.of("token-49")).isEqualTo(FirstListed.NEVER);
    }

    /** Where lists are never whole, tokens come and go all the same. */
    @Test
    void whatManyListsLackIsForgottenWhenRoomIsNeeded() {
        for (int i = 0; i < 5_000; i++) {
            listed.listed(ids(10 * i, 10 * i + 100), false, i);
        }
        assertThat(listed.size()).isLessThan(1_000);
        assertThat(listed.of("token-0")).isEqualTo(FirstListed.NEVER);
        assertThat(listed.of("token-49990")).isEqualTo(4990);
        assertThat(listed.of("token-50089")).isEqualTo(4999);
    }

    @Test
    void whatMovedOrFailedNowAndThenIsKept() {
        listed.listed(ids(0, 20), false, 0);
        for (int i = 1; i < 1_000; i++) {
            int first = i % (FirstListed.ABSENT / 4) == 0 ? 0 : 10;
            listed.listed(ids(first, 20), false, i);
            listed.listed(ids(1_000 * i, 1_000 * i + 50), false, i);
        }
        assertThat(listed.of("token-5")).isZero();
        assertThat(listed.of("token-15")).isZero();
    }
}
