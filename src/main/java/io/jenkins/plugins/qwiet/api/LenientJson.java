package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON in which people and other programs wrote: one odd field must not make the rest of an answer unreadable. No
 * exception quotes what was read.
 */
final class LenientJson {
    /** Characters, of which nothing is made but their text. */
    private static final int LONGEST_NUMBER = 1_000_000;
    /** The same where a number is made of it. */
    private static final int LONGEST_NUMBER_OF_TREE = 20_000;
    /** What is in one another so deep is passed over. */
    private static final int DEEPEST = 1_000_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final JsonFactory STREAMS = factory(LONGEST_NUMBER);
    private static final JsonMapper TREES =
            JsonMapper.builder(factory(LONGEST_NUMBER_OF_TREE)).build();

    private LenientJson() {}

    private static JsonFactory factory(int longestNumber) {
        return JsonFactory.builder()
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                // Somebody's label.
                .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                // Python writes Infinity.
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNumberLength(longestNumber)
                        .maxNestingDepth(DEEPEST)
                        .build())
                .build();
    }

    /** For what may be too long to be kept. */
    static JsonParser parser(InputStream json) throws IOException {
        return STREAMS.createParser(text(json));
    }

    /** The first value; null or a missing node if there is none. */
    @CheckForNull
    static JsonNode tree(InputStream json) throws IOException {
        return TREES.readTree(text(json));
    }

    /** Bytes that are no characters are somebody's text: with a sign in their place. */
    private static PushbackReader text(InputStream json) throws IOException {
        var text = new PushbackReader(new InputStreamReader(json, StandardCharsets.UTF_8));
        int first = text.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) {
            text.unread(first);
        }
        return text;
    }
}
