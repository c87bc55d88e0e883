package io.jenkins.plugins.qwiet.grant;

import com.thoughtworks.xstream.converters.ConversionException;
import com.thoughtworks.xstream.converters.Converter;
import com.thoughtworks.xstream.converters.MarshallingContext;
import com.thoughtworks.xstream.converters.UnmarshallingContext;
import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a build remembers of one of its tokens. Kept in {@code build.xml}, times in milliseconds; the value only while the
 * token may be good, so that it can be hidden, and then encrypted.
 *
 * @param nonce names its lease
 * @param id by which Qwiet knows it
 * @param label as it was created
 * @param orgId the organization that it belongs to
 * @param mintedAt when it was created
 * @param expiresAt when it expires at the latest
 * @param variable the variable that holds it
 * @param orgVariable the variable that holds the organization's id
 * @param revokedAt null as long as it is not known to be revoked
 * @param problem why it is not revoked though its use is over; null if nothing is wrong
 * @param value to be hidden wherever it would be seen; null once the token is revoked, or the build is over
 * @param bound whether every later step of the running build sees it; a block's token is seen by the block only
 */
public record TokenRecord(
        @NonNull String nonce,
        @NonNull String id,
        @NonNull String label,
        @NonNull String orgId,
        @NonNull Instant mintedAt,
        @NonNull Instant expiresAt,
        @NonNull String variable,
        @NonNull String orgVariable,
        @CheckForNull Instant revokedAt,
        @CheckForNull String problem,
        @CheckForNull Secret value,
        boolean bound) {
    static TokenRecord of(IssuedToken token, String label, Instant mintedAt, Instant expiresAt) {
        return new TokenRecord(
                token.nonce,
                token.id,
                label,
                token.orgId,
                mintedAt.truncatedTo(ChronoUnit.MILLIS),
                expiresAt.truncatedTo(ChronoUnit.MILLIS),
                token.variable,
                token.orgVariable,
                null,
                null,
                token.value,
                false);
    }

    /** Whether later steps see it now. */
    boolean isSeen() {
        return bound && value != null;
    }

    TokenRecord bind() {
        return with(revokedAt, problem, value, true);
    }

    TokenRecord unbind() {
        return with(revokedAt, problem, value, false);
    }

    TokenRecord forget() {
        return with(revokedAt, problem, null, false);
    }

    TokenRecord revoked(Instant now) {
        return with(now.truncatedTo(ChronoUnit.MILLIS), null, null, false);
    }

    /** Its use is over, but the token is still good. */
    TokenRecord notRevoked(String why) {
        return with(revokedAt, why, value, false);
    }

    private TokenRecord with(Instant newRevokedAt, String newProblem, Secret newValue, boolean nowBound) {
        return new TokenRecord(
                nonce,
                id,
                label,
                orgId,
                mintedAt,
                expiresAt,
                variable,
                orgVariable,
                newRevokedAt,
                newProblem,
                newValue,
                nowBound);
    }

    /** Without the value: {@link Secret#toString} would show it. */
    @Override
    public String toString() {
        return "CI token " + id;
    }

    /**
     * Writes a record as one element. Pipeline writes a build again with each node of its graph, and in a build of many
     * tokens XStream's own way, an element and some reflection for each field, cost more than all else about a token.
     */
    public static final class ConverterImpl implements Converter {
        @Override
        public boolean canConvert(Class type) {
            return type == TokenRecord.class;
        }

        @Override
        public void marshal(Object source, HierarchicalStreamWriter out, MarshallingContext context) {
            var record = (TokenRecord) source;
            out.addAttribute("nonce", record.nonce);
            out.addAttribute("id", record.id);
            out.addAttribute("label", record.label);
            out.addAttribute("orgId", record.orgId);
            out.addAttribute("mintedAt", millis(record.mintedAt));
            out.addAttribute("expiresAt", millis(record.expiresAt));
            out.addAttribute("variable", record.variable);
            out.addAttribute("orgVariable", record.orgVariable);
            if (record.revokedAt != null) {
                out.addAttribute("revokedAt", millis(record.revokedAt));
            }
            if (record.problem != null) {
                out.addAttribute("problem", record.problem);
            }
            if (record.value != null) {
                out.addAttribute("value", record.value.getEncryptedValue());
            }
            if (record.bound) {
                out.addAttribute("bound", "true");
            }
        }

        @Override
        public Object unmarshal(HierarchicalStreamReader in, UnmarshallingContext context) {
            String revokedAt = in.getAttribute("revokedAt");
            String value = in.getAttribute("value");
            return new TokenRecord(
                    required(in, "nonce"),
                    required(in, "id"),
                    required(in, "label"),
                    required(in, "orgId"),
                    instant(required(in, "mintedAt")),
                    instant(required(in, "expiresAt")),
                    required(in, "variable"),
                    required(in, "orgVariable"),
                    revokedAt == null ? null : instant(revokedAt),
                    in.getAttribute("problem"),
                    value == null ? null : Secret.fromString(value),
                    Boolean.parseBoolean(in.getAttribute("bound")));
        }

        private static String required(HierarchicalStreamReader in, String name) {
            String value = in.getAttribute(name);
            if (value == null) {
                throw new ConversionException("a token's record has no " + name);
            }
            return value;
        }

        private static String millis(Instant instant) {
            return String.valueOf(instant.toEpochMilli());
        }

        private static Instant instant(String millis) {
            return Instant.ofEpochMilli(Long.parseLong(millis));
        }
    }
}
