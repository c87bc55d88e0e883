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

/**
 * What a build remembers of one of its tokens. Immutable. Kept in {@code build.xml}: the value only while it may be of
 * use to somebody, so that it can be hidden, and then encrypted.
 */
public final class TokenRecord {
    private final String nonce;
    private final String id;
    private final String label;
    private final String orgId;
    private final long mintedAt;
    private final long expiresAt;
    private final String variable;
    private final String orgVariable;

    /** Milliseconds; 0 as long as it is not known to be revoked. */
    private final long revokedAt;

    @CheckForNull
    private final String problem;

    @CheckForNull
    private final Secret value;

    private final boolean bound;

    TokenRecord(
            @NonNull IssuedToken token, @NonNull String label, @NonNull Instant mintedAt, @NonNull Instant expiresAt) {
        this(
                token.nonce,
                token.id,
                label,
                token.orgId,
                mintedAt.toEpochMilli(),
                expiresAt.toEpochMilli(),
                token.variable,
                token.orgVariable,
                0,
                null,
                token.value,
                false);
    }

    private TokenRecord(
            String nonce,
            String id,
            String label,
            String orgId,
            long mintedAt,
            long expiresAt,
            String variable,
            String orgVariable,
            long revokedAt,
            String problem,
            Secret value,
            boolean bound) {
        this.nonce = nonce;
        this.id = id;
        this.label = label;
        this.orgId = orgId;
        this.mintedAt = mintedAt;
        this.expiresAt = expiresAt;
        this.variable = variable;
        this.orgVariable = orgVariable;
        this.revokedAt = revokedAt;
        this.problem = problem;
        this.value = value;
        this.bound = bound;
    }

    /** Names its lease. */
    @NonNull
    public String getNonce() {
        return nonce;
    }

    /** By which Qwiet knows it. */
    @NonNull
    public String getId() {
        return id;
    }

    @NonNull
    public String getLabel() {
        return label;
    }

    @NonNull
    public String getOrgId() {
        return orgId;
    }

    @NonNull
    public Instant getMintedAt() {
        return Instant.ofEpochMilli(mintedAt);
    }

    @NonNull
    public Instant getExpiresAt() {
        return Instant.ofEpochMilli(expiresAt);
    }

    /** The variable that held it. */
    @NonNull
    public String getVariable() {
        return variable;
    }

    /** Null as long as it is not known to be revoked. */
    @CheckForNull
    public Instant getRevokedAt() {
        return revokedAt == 0 ? null : Instant.ofEpochMilli(revokedAt);
    }

    /** Why it is not revoked though its use is over; null if nothing is wrong. */
    @CheckForNull
    public String getProblem() {
        return problem;
    }

    String orgVariable() {
        return orgVariable;
    }

    /** To be hidden wherever it would be seen; null once it is revoked, or the build is over. */
    @CheckForNull
    Secret value() {
        return value;
    }

    /** Whether every later step of the running build sees it; a block's token is seen by the block only. */
    boolean isBound() {
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
        return with(now.toEpochMilli(), null, null, false);
    }

    /** Its use is over, but it is still good. */
    TokenRecord notRevoked(String why) {
        return with(revokedAt, why, value, false);
    }

    private TokenRecord with(long newRevokedAt, String newProblem, Secret newValue, boolean nowBound) {
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
            out.addAttribute("mintedAt", String.valueOf(record.mintedAt));
            out.addAttribute("expiresAt", String.valueOf(record.expiresAt));
            out.addAttribute("variable", record.variable);
            out.addAttribute("orgVariable", record.orgVariable);
            if (record.revokedAt != 0) {
                out.addAttribute("revokedAt", String.valueOf(record.revokedAt));
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
                    Long.parseLong(required(in, "mintedAt")),
                    Long.parseLong(required(in, "expiresAt")),
                    required(in, "variable"),
                    required(in, "orgVariable"),
                    revokedAt == null ? 0 : Long.parseLong(revokedAt),
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
    }
}
