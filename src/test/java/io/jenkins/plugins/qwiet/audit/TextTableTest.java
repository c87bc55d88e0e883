package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columnsStandBelowEachOther() {
        assertThat(TextTable.of(List.of(List.of("LABEL", "ID"), List.of("a", "1"), List.of("longer label", ""))))
                .containsExactly("LABEL         ID", "a             1", "longer label");
    }

    @Test
    void aCharacterBeyondTheBasicPlaneIsOneWide() {
        assertThat(TextTable.of(List.of(List.of("😀", "x"), List.of("ab", "y"))))
                .containsExactly("😀   x", "ab  y");
    }

    /** Of East Asia; and an accent that stands apart, as macOS writes it. */
    @Test
    void signsAreAsWideAsATerminalShowsThem() {
        assertThat(TextTable.of(List.of(List.of("東京", "x"), List.of("bu\u0308ro", "y"), List.of("ｱ", "z"))))
                .containsExactly("東京  x", "bu\u0308ro  y", "ｱ     z");
    }

    @Test
    void noRowsAreNoLines() {
        assertThat(TextTable.of(List.of())).isEmpty();
    }
}
