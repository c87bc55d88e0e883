package io.jenkins.plugins.qwiet.grant;

import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.config.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Writes a {@link TokenLine} as attributes of a token's record, and reads it; what is as usual is not written. */
final class TokenLineXml {
    private static final String SEPARATOR = " ";

    private TokenLineXml() {}

    static void write(TokenLine line, HierarchicalStreamWriter out) {
        out.addAttribute("line", line.id());
        out.addAttribute("number", String.valueOf(line.number()));
        out.addAttribute("since", String.valueOf(line.since().toEpochMilli()));
        out.addAttribute("validFor", String.valueOf(line.validFor().toSeconds()));
        if (line.renewed()) {
            out.addAttribute("renewed", "true");
        }
        if (line.fixed()) {
            out.addAttribute("fixed", "true");
        }
        TokenRequest request = line.request();
        if (request != null) {
            text("asked-description", request.description, out);
            text("asked-credentialsId", request.credentialsId, out);
            text("asked-orgId", request.orgId, out);
            text("asked", "true", out);
        }
        if (!line.hostVariable().isEmpty()) {
            out.addAttribute("hostVariable", line.hostVariable());
        }
        if (line.block() != 0) {
            out.addAttribute("block", String.valueOf(line.block()));
        }
        if (!line.before().isEmpty()) {
            out.addAttribute("before", String.join(SEPARATOR, line.before()));
        }
        if (line.isBound()) {
            out.addAttribute("boundAt", String.valueOf(line.boundAt()));
        }
        if (!line.values().isEmpty()) {
            out.addAttribute("values", String.join(SEPARATOR, line.values()));
        }
    }

    private static void text(String name, String value, HierarchicalStreamWriter out) {
        if (value != null) {
            out.addAttribute(name, value);
        }
    }

    static TokenLine read(String nonce, Instant mintedAt, HierarchicalStreamReader in) {
        String id = in.getAttribute("line");
        if (id == null) {
            return TokenLine.alone(nonce, mintedAt);
        }
        var validFor = Duration.ofSeconds(Long.parseLong(in.getAttribute("validFor")));
        String block = in.getAttribute("block");
        String boundAt = in.getAttribute("boundAt");
        return new TokenLine(
                id,
                Integer.parseInt(in.getAttribute("number")),
                Instant.ofEpochMilli(Long.parseLong(in.getAttribute("since"))),
                validFor,
                Boolean.parseBoolean(in.getAttribute("renewed")),
                Boolean.parseBoolean(in.getAttribute("fixed")),
                in.getAttribute("asked") == null ? null : request(in, validFor),
                Util.fixNull(in.getAttribute("hostVariable")),
                block == null ? 0 : Long.parseLong(block),
                marks(in.getAttribute("before")),
                boundAt == null ? TokenLine.NOT_BOUND : Long.parseLong(boundAt),
                marks(in.getAttribute("values")));
    }

    private static List<String> marks(@CheckForNull String text) {
        return text == null ? List.of() : List.of(text.split(SEPARATOR));
    }

    private static TokenRequest request(HierarchicalStreamReader in, Duration validFor) {
        return new TokenRequest(
                in.getAttribute("label"),
                in.getAttribute("asked-description"),
                in.getAttribute("asked-credentialsId"),
                in.getAttribute("asked-orgId"),
                in.getAttribute("variable"),
                in.getAttribute("orgVariable"),
                Lifetime.of(validFor.toSeconds()));
    }
}
