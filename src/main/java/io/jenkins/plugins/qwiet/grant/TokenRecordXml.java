package io.jenkins.plugins.qwiet.grant;

import com.thoughtworks.xstream.converters.ConversionException;
import com.thoughtworks.xstream.converters.Converter;
import com.thoughtworks.xstream.converters.MarshallingContext;
import com.thoughtworks.xstream.converters.UnmarshallingContext;
import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.End;
import java.time.Duration;
import java.time.Instant;

/**
 * Writes a record as one element. Pipeline writes a build again with each node of its graph, and in a build of many
 * tokens XStream's own way, an element and some reflection for each field, cost more than all else about a token.
 */
class TokenRecordXml implements Converter {
    @Override
    public boolean canConvert(Class type) {
        return type == TokenRecord.class;
    }

    @Override
    public void marshal(Object source, HierarchicalStreamWriter out, MarshallingContext context) {
        var record = (TokenRecord) source;
        out.addAttribute("nonce", record.nonce());
        out.addAttribute("id", record.id());
        out.addAttribute("label", record.label());
        out.addAttribute("orgId", record.orgId());
        out.addAttribute("mintedAt", millis(record.mintedAt()));
        var expiresAt = record.expiresAt();
        if (expiresAt != null) {
            out.addAttribute("expiresAt", millis(expiresAt));
        } else if (record.end().unknown()) {
            out.addAttribute("endUnknown", "true");
        }
        out.addAttribute("life", String.valueOf(record.life().toMillis()));
        out.addAttribute("variable", record.variable());
        out.addAttribute("orgVariable", record.orgVariable());
        var revokedAt = record.revokedAt();
        if (revokedAt != null) {
            out.addAttribute("revokedAt", millis(revokedAt));
        }
        var problem = record.problem();
        if (problem != null) {
            out.addAttribute("problem", problem);
        }
        var value = record.value();
        if (value != null) {
            out.addAttribute("value", value.getEncryptedValue());
        }
        var expiredAt = record.expiredAt();
        if (expiredAt != null) {
            out.addAttribute("expiredAt", millis(expiredAt));
        }
        out.addAttribute("use", record.use().name());
        LeaseOrigin origin = record.origin();
        if (origin != null) {
            origin.write(out);
        }
        TokenLineXml.write(record.line(), out);
    }

    @Override
    public Object unmarshal(HierarchicalStreamReader in, UnmarshallingContext context) {
        String expiresAt = in.getAttribute("expiresAt");
        String revokedAt = in.getAttribute("revokedAt");
        String value = in.getAttribute("value");
        String expiredAt = in.getAttribute("expiredAt");
        String nonce = required(in, "nonce");
        Instant mintedAt = instant(required(in, "mintedAt"));
        Instant end = expiresAt == null ? null : instant(expiresAt);
        TokenLine line = TokenLineXml.read(nonce, mintedAt, in);
        String life = in.getAttribute("life");
        return new TokenRecord(
                nonce,
                required(in, "id"),
                required(in, "label"),
                required(in, "orgId"),
                mintedAt,
                End.of(end, "true".equals(in.getAttribute("endUnknown"))),
                life == null ? line.life(mintedAt, end) : Duration.ofMillis(Long.parseLong(life)),
                required(in, "variable"),
                required(in, "orgVariable"),
                LeaseOrigin.read(in),
                line,
                revokedAt == null ? null : instant(revokedAt),
                expiredAt == null ? null : instant(expiredAt),
                in.getAttribute("problem"),
                value == null ? null : Secret.fromString(value),
                TokenRecord.Use.valueOf(required(in, "use")));
    }

    private static String required(HierarchicalStreamReader in, String name) {
        String value = in.getAttribute(name);
        if (value == null) {
            throw new ConversionException("a token's record has no " + name);
        }
        return value;
    }

    private static String millis(Instant instant) {
        try {
            return String.valueOf(instant.toEpochMilli());
        } catch (ArithmeticException e) {
            // So far away that it makes no difference, and a build that cannot be saved would.
            return String.valueOf(instant.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE);
        }
    }

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }
}
