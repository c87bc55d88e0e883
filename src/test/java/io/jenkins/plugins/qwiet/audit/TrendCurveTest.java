package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Where the numbers of audits are drawn. */
class TrendCurveTest {
    private static TrendCurve of(Long... values) {
        return new TrendCurve(Arrays.asList(values), 0);
    }

    @Test
    void theGreatestNumberIsAtTheTopAndZeroAtTheBase() {
        TrendCurve curve = of(0L, 50_000L, 100_000L);

        assertThat(curve.lines()).containsExactly("54.0,76.0 170.0,42.0 286.0,8.0");
        assertThat(curve.most()).isEqualTo(100_000);
        assertThat(curve.newest()).isEqualTo(100_000);
        assertThat(curve.left()).isGreaterThan(of(3L).left());
    }

    @Test
    void axesBesideThatOfAGreaterNumberBeginWhereItsDoes() {
        TrendCurve greatest = of(3L, 1_000L);

        assertThat(new TrendCurve(List.of(3L, 4L), greatest.most()).left()).isEqualTo(greatest.left());
    }

    @Test
    void oneAuditIsADotInTheMiddle() {
        TrendCurve curve = of(3L);

        assertThat(curve.lines()).isEmpty();
        assertThat(curve.dot(0).x()).isEqualTo("152.5");
        assertThat(curve.dot(0).y()).isEqualTo("8.0");
        assertThat(curve.dot(0).from()).isEqualTo("13.0");
        assertThat(curve.dot(0).width()).isEqualTo("279.0");
    }

    @Test
    void zeroEverywhereIsALineAtTheBase() {
        assertThat(of(0L, 0L).lines()).containsExactly("19.0,76.0 286.0,76.0");
        assertThat(of(0L).dot(0).y()).isEqualTo("76.0");
    }

    @Test
    void theLineIsBrokenWhereThereIsNoNumber() {
        TrendCurve curve = of(null, 1L, 2L, null, 3L, null, 2L, 1L);

        assertThat(curve.lines()).hasSize(2);
        assertThat(curve.dot(3)).isNull();
        assertThat(curve.dot(4)).isNotNull();
        assertThat(curve.newest()).isEqualTo(1);
    }

    @Test
    void nothingLeavesThePicture() {
        for (int count : List.of(1, 2, 3, 50)) {
            TrendCurve curve = new TrendCurve(
                    LongStream.range(0, count)
                            .map(i -> i * i * i * 1_000_003)
                            .boxed()
                            .toList(),
                    0);
            IntStream.range(0, count).mapToObj(curve::dot).forEach(dot -> {
                assertThat(Double.parseDouble(dot.x())).isBetween((double) curve.left(), 300.0);
                assertThat(Double.parseDouble(dot.y())).isBetween(8.0, 76.0);
                assertThat(Double.parseDouble(dot.from()) + Double.parseDouble(dot.width()))
                        .isLessThan(300.2); // Both are rounded.
            });
        }
    }

    @Test
    void thereIsNoPictureOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TrendCurve(Collections.singletonList(null), 0));
    }

    @Test
    void curvesOfAnyNumbersStayInThePicture() {
        for (int size : new int[] {1, 2, 3, 49, 50}) {
            for (long most : new long[] {0, 1, 9, 10, 99_999, Long.MAX_VALUE}) {
                var values = new ArrayList<Long>();
                for (int i = 0; i < size; i++) {
                    values.add(i % 3 == 1 ? null : most / (i + 1));
                }
                var curve = new TrendCurve(values, 0);
                double before = -1;
                for (int i = 0; i < size; i++) {
                    TrendCurve.Dot dot = curve.dot(i);
                    if (dot != null) {
                        assertThat(Double.parseDouble(dot.x()))
                                .isBetween((double) curve.left(), 300.0)
                                .isGreaterThan(before);
                        assertThat(Double.parseDouble(dot.y())).isBetween(8.0, 76.0);
                        assertThat(Double.parseDouble(dot.from()) + Double.parseDouble(dot.width()))
                                .isBetween(0.0, 300.1);
                        assertThat(Double.parseDouble(dot.width())).isPositive();
                        before = Double.parseDouble(dot.x());
                    }
                }
            }
        }
    }
}
