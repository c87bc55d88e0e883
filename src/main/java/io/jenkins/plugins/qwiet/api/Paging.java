package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** Signs that a list is not the whole, beside its tokens. None is part of Qwiet's API; all are usual elsewhere. */
final class Paging {
    private static final Set<String> MORE = Set.of(
            "next",
            "nextpage",
            "nextcursor",
            "nextpagetoken",
            "nexttoken",
            "nextlink",
            "nexturl",
            "nextoffset",
            "hasmore",
            "hasnext",
            "hasnextpage",
            "cursor",
            "continuationtoken",
            "continue",
            "truncated",
            "istruncated",
            "partial",
            "incomplete",
            "more",
            "moreresults",
            "scrollid",
            "pagetoken");

    private static final Set<String> TOTAL =
            Set.of("total", "totalcount", "totalsize", "totalresults", "totalitems", "totalelements", "count");

    private Paging() {}

    /** Whether a field says that there is more. */
    static boolean namesMore(String field, JsonToken value, JsonParser parser) throws IOException {
        if (!MORE.contains(plain(field))) {
            return false;
        }
        return switch (value) {
            case VALUE_TRUE, START_OBJECT, START_ARRAY -> true;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue() != 0;
            case VALUE_STRING ->
                !Set.of("", "false", "null", "0").contains(parser.getText().trim());
            default -> false;
        };
    }

    /** How many tokens a field says there are; 0 if it is about something else. */
    static long total(String field, JsonToken value, JsonParser parser) throws IOException {
        return TOTAL.contains(plain(field)) && value.isScalarValue() ? parser.getValueAsLong(0) : 0;
    }

    private static String plain(String field) {
        return field.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }
}
