package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.console.HyperlinkNote;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an agent does with what it is told, in its own process; here in that of the controller. */
class AgentMaskTest extends OnJenkins {
    /** Another for each test: what logs hide is known to the process until they are collected. */
    private final String token = "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJxd2lldCJ9."
            + UUID.randomUUID().toString().replace("-", "") + "signature00";

    /** A link whose URL contains a token becomes plain text, also where an agent writes the log. */
    @Test
    void anAgentTakesALinkOutOfALogToo() throws Exception {
        var update =
                new AgentMask.Update(UUID.randomUUID().toString(), 1, "UTF-8", new Secret[] {Secret.fromString(token)});
        var written = new ByteArrayOutputStream();
        String link = HyperlinkNote.encodeTo("https://app.example/?t=" + token, "report");
        try (var out = new AgentMask.Decorator(update).decorate(written)) {
            out.write((link + " of " + token + "\n").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(written).hasToString("report of ****\n");
    }

    /**
     * A Java with few modules, as in small images of agents, lacks charsets that the controller has (jdk.charsets: MS932, Big5,
     * EUC-KR). Each log of a Pipeline that is sent there names the charset, also of a build without any token.
     */
    @Test
    void anAgentWithoutTheCharsetOfTheLogCanStillWriteOne() throws Exception {
        var update = new AgentMask.Update(UUID.randomUUID().toString(), 0, "x-not-in-this-Java", new Secret[0]);
        var written = new ByteArrayOutputStream();
        try (var out = new AgentMask.Decorator(update).decorate(written)) {
            out.write("ordinary\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(written).hasToString("ordinary\n");
    }

    /** What is ASCII is the same in nearly all charsets; the agent could not write another one either. */
    @Test
    void norDoesItShowATokenThere() throws Exception {
        var update = new AgentMask.Update(
                UUID.randomUUID().toString(), 1, "x-not-in-this-Java", new Secret[] {Secret.fromString(token)});
        var written = new ByteArrayOutputStream();
        try (var out = new AgentMask.Decorator(update).decorate(written)) {
            out.write(("it is " + token + "\n").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(written).hasToString("it is ****\n");
    }

    /** Tokens are in an agent's memory until they are revoked. Messages may overtake each other. */
    @Test
    void anAgentForgetsATokenWhoseNewsCameAfterThatOfItsEnd() throws Exception {
        String build = UUID.randomUUID().toString();
        new AgentMask.Update(build, 6, "UTF-8", new Secret[0]).call();
        assertThat(AgentMask.knows(token)).isFalse();
        new AgentMask.Update(build, 5, "UTF-8", new Secret[] {Secret.fromString(token)}).call();

        assertThat(AgentMask.knows(token)).isFalse();
    }

    @Test
    void newsThatCameBeforeTheLogIsKnownToIt() throws Exception {
        String build = UUID.randomUUID().toString();
        new AgentMask.Update(build, 5, "UTF-8", new Secret[] {Secret.fromString(token)}).call();
        assertThat(AgentMask.knows(token)).isTrue();
        var written = new ByteArrayOutputStream();
        var first = new AgentMask.Update(build, 4, "UTF-8", new Secret[0]);
        try (var out = new AgentMask.Decorator(first).decorate(written)) {
            out.write(("it is " + token + "\n").getBytes(StandardCharsets.UTF_8));
            new AgentMask.Update(build, 6, "UTF-8", new Secret[0]).call();
            assertThat(AgentMask.knows(token)).isFalse();
        }
        assertThat(written).hasToString("it is ****\n");
    }
}
