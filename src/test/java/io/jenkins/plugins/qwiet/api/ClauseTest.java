package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClauseTest {
    @ParameterizedTest
    @CsvSource({
        "You may not., You may not",
        "You may not.. , You may not",
        "no answer in time, no answer in time",
        "'', ''",
        "..., ''",
        "by v1.2, by v1.2"
    })
    void hasNoFullStopOfItsOwn(String sentence, String clause) {
        assertThat(DisplayText.clause(sentence)).isEqualTo(clause);
    }
}
