package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Records as text: each a line of JSON, {@code {"sum":"…","length":…,"seq":…,"owner":"…","lease":{…}}}, with {@code "ended":true} or
 * {@code "left":true} behind it if so, or {@code {"sum":"…","length":…,"seq":…,"gone":"nonce"}}. The length counts the bytes that follow it and its comma; the sum is
 * their CRC-32C. The number (seq) grows with each record of all files: of two about one lease, the larger counts.
 */
final class JournalText {
    private static final Texts TEXTS = Texts.of(JournalText.class);
    private static final byte[] BEGIN = "{\"sum\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern HEAD = Pattern.compile("\\{\"sum\":\"([0-9a-f]{8})\",\"length\":([0-9]{1,9}),");
    private static final int LONGEST_HEAD = 48;
    private static final int LONGEST = 999_999_999;
    // What is written is to be read: by itself, Jackson reads no text of more than 20 million characters.
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(LONGEST).build())
            .build());

    /**
     * A record that was read.
     *
     * @param skipped numbers right before its own that this file has not, and never had
     */
    record Numbered(long seq, long skipped, JournalRecord record) {}

    /**
     * Bytes that are no record.
     *
     * @param line the first of them, from 1
     * @param why in words for a person
     */
    record Bad(int line, int bytes, String why) {}

    /**
     * What there is in a file.
     *
     * @param torn whether it ends in the middle of one record, as after a power cut: nobody was promised that. What may have
     *     been whole, and what is before that record, is bad
     */
    record Content(List<Numbered> records, List<Bad> bad, boolean torn) {}

    private JournalText() {}

    static List<JournalRecord> records(Collection<Numbered> numbered) {
        return numbered.stream().map(Numbered::record).toList();
    }

    /**
     * @param skipped how many numbers before this one are not in the file, since another was begun with them in vain
     * @throws IOException if it is longer than what {@link #read} takes for a record
     */
    static byte[] write(long seq, long skipped, JournalRecord record) throws IOException {
        var json = JSON.createObjectNode().put("seq", seq);
        if (skipped > 0) {
            json.put("skipped", skipped);
        }
        Lease lease = record.lease();
        if (lease == null) {
            json.put("gone", record.nonce());
        } else {
            json.put("owner", record.owner()).set("lease", LeaseJson.write(lease));
            if (record.ended()) {
                json.put("ended", true);
            }
            if (record.left()) {
                json.put("left", true);
            }
        }
        byte[] body = (JSON.writeValueAsString(json).substring(1) + "\n").getBytes(StandardCharsets.UTF_8);
        int length = body.length - 1;
        if (length > LONGEST) {
            throw new IOException(TEXTS.get("JournalText.tooLong", String.valueOf(length)));
        }
        byte[] head = String.format(Locale.ROOT, "{\"sum\":\"%08x\",\"length\":%d,", sum(body, 0, length), length)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] line = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, line, head.length, body.length);
        return line;
    }

    /** Finds every record that is whole, whatever is before, between and behind them. */
    static Content read(byte[] bytes) {
        var reading = new Reading(bytes);
        return reading.read();
    }

    private static int sum(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static final class Reading {
        private final byte[] bytes;
        private final List<Numbered> records = new ArrayList<>();
        private final List<Bad> bad = new ArrayList<>();
        private final Map<String, ApiAddress> addresses = new HashMap<>();
        private int line = 1;
        private int counted;
        private long last = -1;

        Reading(byte[] bytes) {
            this.bytes = bytes;
        }

        Content read() {
            int at = 0;
            int badFrom = 0;
            while (at < bytes.length) {
                int end = recordAt(at, badFrom);
                if (end > 0) {
                    at = end;
                    badFrom = end;
                } else {
                    at = next(at + 1);
                }
            }
            int torn = tornFrom(badFrom);
            noteBad(badFrom, torn, TEXTS.get("JournalText.damaged"));
            return new Content(records, bad, torn < bytes.length);
        }

        /**
         * Where the one record begins that was being written when the power went, of those bytes that are no records; the end
         * of all if none was. That has no end of its line, and is shorter than its head says; zeros may stand for the rest.
         */
        private int tornFrom(int badFrom) {
            int end = bytes.length;
            while (end > badFrom && bytes[end - 1] == 0) {
                end--;
            }
            int from = end;
            while (from > badFrom && bytes[from - 1] != '\n') {
                from--;
            }
            Matcher head = headAt(from, end);
            boolean begun =
                    head.lookingAt() ? Integer.parseInt(head.group(2)) > end - from - head.end() : head.hitEnd();
            return begun ? from : bytes.length;
        }

        private Matcher headAt(int at, int end) {
            int window = Math.min(LONGEST_HEAD, end - at);
            return HEAD.matcher(new String(bytes, at, window, StandardCharsets.ISO_8859_1));
        }

        /** Where the record that begins here ends, with its line; 0 if none does. */
        private int recordAt(int at, int badFrom) {
            Matcher head = headAt(at, bytes.length);
            if (!head.lookingAt()) {
                return 0;
            }
            int from = at + head.end();
            int length = Integer.parseInt(head.group(2));
            if (length > bytes.length - from
                    || sum(bytes, from, length) != Integer.parseUnsignedInt(head.group(1), 16)) {
                return 0;
            }
            int end = from + length;
            end += end < bytes.length && bytes[end] == '\n' ? 1 : 0;
            noteBad(badFrom, at, TEXTS.get("JournalText.damaged"));
            try {
                Numbered read = parse(new String(bytes, from, length, StandardCharsets.UTF_8));
                if (last >= 0 && read.seq() > last + 1 + read.skipped() && badFrom == at) {
                    bad.add(new Bad(lineOf(at), 0, TEXTS.get("JournalText.missing")));
                }
                last = read.seq();
                records.add(read);
            } catch (IOException e) {
                bad.add(new Bad(lineOf(at), length, e.getMessage()));
                last = -1;
            }
            return end;
        }

        private int next(int from) {
            for (int at = from; at <= bytes.length - BEGIN.length; at++) {
                if (Arrays.equals(bytes, at, at + BEGIN.length, BEGIN, 0, BEGIN.length)) {
                    return at;
                }
            }
            return bytes.length;
        }

        private void noteBad(int from, int to, String why) {
            for (int at = from; at < to; at++) {
                // Line ends alone are nobody's content.
                if (bytes[at] != '\n' && bytes[at] != '\r') {
                    bad.add(new Bad(lineOf(at), to - at, why));
                    return;
                }
            }
        }

        private int lineOf(int at) {
            for (; counted < at; counted++) {
                line += bytes[counted] == '\n' ? 1 : 0;
            }
            return line;
        }

        private Numbered parse(String body) throws IOException {
            JsonNode json;
            try {
                json = JSON.readTree("{" + body);
            } catch (JsonProcessingException e) {
                throw new IOException("it is no JSON", e);
            }
            JsonNode seq = json.path("seq");
            long skipped = json.path("skipped").asLong(0);
            if (!seq.isIntegralNumber()) {
                throw new IOException("it has no number");
            } else if (json.path("gone").isTextual()) {
                return new Numbered(
                        seq.longValue(),
                        skipped,
                        JournalRecord.gone(json.path("gone").textValue()));
            } else if (!json.path("owner").isTextual()) {
                throw new IOException("it is none of what this plugin writes");
            }
            String owner = json.path("owner").textValue();
            Lease lease =
                    LeaseJson.read(json.path("lease"), text -> addresses.computeIfAbsent(text, ApiAddress::parse));
            boolean ended = json.path("ended").asBoolean(false);
            boolean left = json.path("left").asBoolean(false);
            return new Numbered(seq.longValue(), skipped, new JournalRecord(lease.nonce(), owner, lease, ended, left));
        }
    }
}
