package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * The JSON of a report: {@code {"version":1,"report":{…},"index":"…","tokens":[…]}}, in this order, so that a reader who
 * wants the report alone reads its beginning alone. Tokens stream both ways. A reader passes over fields it does not
 * know, and takes what is missing for empty; only a version beyond {@value #VERSION} is refused.
 */
public final class ReportJson {
    /** The version that is written. It rises only when a field's meaning changes. */
    public static final int VERSION = 1;

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader()))
            .build();

    private ReportJson() {}

    /**
     * Writes a report for people and programs; the index, which means nothing to them, is left out.
     *
     * @param rows null to leave the organization's tokens out
     * @param out not closed here
     */
    public static void publish(
            @NonNull AuditReport report, @CheckForNull Iterable<TokenRow> rows, @NonNull OutputStream out)
            throws IOException {
        write(report, rows, null, out);
    }

    static void write(
            AuditReport report, @CheckForNull Iterable<TokenRow> rows, @CheckForNull TokenIndex index, OutputStream out)
            throws IOException {
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeFieldName("report");
            MAPPER.writeValue(json, report);
            if (index != null) {
                json.writeBinaryField("index", index.toBytes());
            }
            if (rows != null) {
                json.writeArrayFieldStart("tokens");
                var writer = MAPPER.writerFor(TokenRow.class);
                for (TokenRow row : rows) {
                    writer.writeValue(json, row);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
    }

    /** Writes one row, as it stands in the array of them. */
    static void write(TokenRow row, OutputStream out) throws IOException {
        MAPPER.writeValue(out, row);
    }

    /**
     * Reads a report's beginning.
     *
     * @throws IOException if it cannot be read, is no report, or is of a later version
     */
    @NonNull
    static AuditReport report(InputStream in) throws IOException {
        try (JsonParser json = MAPPER.createParser(in)) {
            if (find(json, "report")) {
                AuditReport report = MAPPER.readValue(json, AuditReport.class);
                if (report != null) {
                    return report;
                }
            }
        }
        throw new IOException("not an audit report of Qwiet tokens");
    }

    /** Gives every row in turn. */
    static void rows(InputStream in, Consumer<TokenRow> each) throws IOException {
        try (JsonParser json = MAPPER.createParser(in)) {
            if (!find(json, "tokens") || json.currentToken() != JsonToken.START_ARRAY) {
                return;
            }
            var reader = MAPPER.readerFor(TokenRow.class);
            for (int i = 0; i < Audit.MAX_ROWS && json.nextToken() == JsonToken.START_OBJECT; i++) {
                each.accept(reader.readValue(json));
            }
        }
    }

    /** Reads the index; empty if there is none. */
    @NonNull
    static TokenIndex index(InputStream in) throws IOException {
        try (JsonParser json = MAPPER.createParser(in)) {
            return find(json, "index") ? TokenIndex.fromBytes(json.getBinaryValue()) : new TokenIndex();
        } catch (IllegalArgumentException e) {
            throw new IOException("not an audit report of Qwiet tokens", e);
        }
    }

    /** Goes to the value of a field of the outermost object, passing the version on the way. */
    private static boolean find(JsonParser json, String field) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        boolean versionSeen = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("version")) {
                versionSeen = true;
                if (json.getIntValue() > VERSION) {
                    throw new IOException("written by a later version of the plugin, as version " + json.getIntValue());
                }
            } else if (name.equals(field)) {
                return versionSeen;
            } else {
                json.skipChildren();
            }
        }
        return false;
    }

    private static final class InstantReader extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        private InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(json.getText());
            } catch (DateTimeException e) {
                return (Instant) context.handleWeirdStringValue(Instant.class, json.getText(), "no time");
            }
        }
    }
}
