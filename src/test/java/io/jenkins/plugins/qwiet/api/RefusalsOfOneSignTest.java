package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A refusal whose message is as long as may be read, of one sign: nothing hangs over it. */
class RefusalsOfOneSignTest {
    @RegisterExtension
    private final Canned server = new Canned();

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "\\\\", "<", "&#0", "&", "0", "0x", "%", "=", "\\u200b", "a1,", "&#x0", "u+", " ", "-"})
    @Timeout(60)
    void isRead(String sign) {
        String message = sign.repeat(60_000 / sign.length());
        server.says(400, "{\"ok\":false,\"code\":\"NOPE\",\"message\":\"" + message + "\"}");
        assertThat(server.client().create(OverFake.TOKEN).join()).isInstanceOf(Refused.class);
    }
}
