package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
    private static final List<String> ORDERED = List.of(
            "",
            "0",
            "2",
            "10",
            "99999999999999999999999999",
            "100000000000000000000000000",
            "BURST",
            "burst 2",
            "Burst 10",
            "burst2 1",
            "burst2 2",
            "burst2 10",
            "burst2 10 b",
            "shop#2",
            "shop#10",
            "shop/nightly#1",
            "\u00fcber");

    @Test
    void countsAsPeopleDo() {
        List<String> shuffled = new ArrayList<>(ORDERED);
        Collections.shuffle(shuffled, new Random(5));
        shuffled.sort(NaturalOrder.INSTANCE);
        assertThat(shuffled).containsExactlyElementsOf(ORDERED);
    }

    @Test
    void caseAndLeadingZerosMakeNoDifference() {
        assertThat(NaturalOrder.INSTANCE.compare("Scan 007b", "sCAN 7B")).isZero();
        assertThat(NaturalOrder.INSTANCE.compare("scan 00", "scan 0")).isZero();
        assertThat(NaturalOrder.INSTANCE.compare("scan 1.05", "scan 1.5")).isZero();
    }

    /** Otherwise sorting would fail on some lists. */
    @Test
    void isAnOrder() {
        var random = new Random(7);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append("aA019#".charAt(random.nextInt(6)));
            }
            texts.add(text.toString());
        }
        var order = NaturalOrder.INSTANCE;
        for (String one : texts) {
            for (String two : texts) {
                int direct = Integer.signum(order.compare(one, two));
                assertThat(Integer.signum(order.compare(two, one))).isEqualTo(-direct);
                for (String three : texts) {
                    if (direct <= 0 && order.compare(two, three) <= 0 && order.compare(one, three) > 0) {
                        throw new AssertionError("%s, %s, %s".formatted(one, two, three));
                    }
                }
            }
        }
    }
}
