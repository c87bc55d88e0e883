package io.jenkins.plugins.qwiet.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaSourceTest {
    @Test
    void takesAwayWhatIsNoCode() {
        String text =
                "a(\"x, // y\", 'c', '\\''); // System.out\n/* System.out\n */ b(\"\"\"\n  z \"quoted\"\n  \"\"\");";

        String code = JavaSource.code(text);

        assertThat(code)
                .hasSameSizeAs(text)
                .doesNotContain("System", "x,", "z", "quoted")
                .contains("a(\"", "b(\"");
        assertThat(code.lines().count()).isEqualTo(text.lines().count());
    }

    @Test
    void countsTheArgumentsOfAMessage() {
        String code = JavaSource.code(
                "Messages.A_b() + Messages.A_c(x(1, 2), \"y, z\") + Messages.A_d(\n  String.valueOf(3))");

        assertThat(MessageCall.in(code))
                .containsExactly(new MessageCall("A.b", 0), new MessageCall("A.c", 2), new MessageCall("A.d", 1));
    }
}
