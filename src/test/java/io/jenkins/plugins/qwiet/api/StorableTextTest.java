package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StorableTextTest {
    @Test
    void replacesWhatXmlAndUtf8CannotHold() {
        for (int c = 0; c <= 0xffff; c++) {
            String stored = StorableText.of("a" + (char) c + "b");

            boolean half = Character.isSurrogate((char) c);
            boolean control = c < ' ' && "\t\n\r".indexOf(c) < 0;
            assertThat(stored)
                    .isEqualTo(half || control || c >= 0xfffe ? "a\ufffdb" : "a" + (char) c + "b")
                    .isEqualTo(new String(stored.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
    }

    @Test
    void leavesWholePairsAndWhatIsStorableAlone() {
        String text = "\ud83d\ude00 \u00e9 \u202e";

        assertThat(StorableText.of(text)).isSameAs(text);
        assertThat(StorableText.of(text.substring(1) + "\ud83d")).isEqualTo("\ufffd" + text.substring(2) + "\ufffd");
        assertThat(StorableText.ofNullable(null)).isNull();
    }
}
