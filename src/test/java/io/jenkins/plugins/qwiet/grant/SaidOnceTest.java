package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.StreamTaskListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SaidOnceTest {
    /** Of no build: what is said here has a log of its own. */
    private final SaidOnce said = new SaidOnce();

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    /** A build of weeks with an agent that hangs. */
    @Test
    void anAgentThatCanNeverBeToldHasFewLines() {
        for (int renewal = 1; renewal <= 10_000; renewal++) {
            tell("hanging", "id-" + renewal);
        }

        assertThat(lines()).hasSizeBetween(3, 16).allMatch(line -> line.contains("hanging"));
    }

    @Test
    void eachAgentIsNamedThoughAnotherWasOften() {
        for (int renewal = 1; renewal <= 100; renewal++) {
            tell("hanging", "id-" + renewal);
        }

        tell("another", "id-101");

        assertThat(lines().reduce((before, last) -> last).orElseThrow()).contains("another", "id-101");
    }

    private void tell(String agent, String token) {
        said.agentNotTold(new StreamTaskListener(log, StandardCharsets.UTF_8), agent, token);
    }

    private java.util.stream.Stream<String> lines() {
        return log.toString(StandardCharsets.UTF_8).lines();
    }
}
