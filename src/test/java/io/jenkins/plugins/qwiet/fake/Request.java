package io.jenkins.plugins.qwiet.fake;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP/1.1 request as it came in.
 *
 * @param headers by lower-case name
 */
record Request(String method, String path, String query, Map<String, String> headers, String body) {
    private static final int LONGEST_LINE = 64 * 1024;
    private static final int MOST_HEADERS = 200;
    private static final int LARGEST_BODY = 1024 * 1024;

    /** Null if the other side hung up between two requests. */
    static Request read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null) {
            return null;
        }
        String[] words = start.split(" ");
        if (words.length != 3 || !words[2].startsWith("HTTP/1.") || !words[1].startsWith("/")) {
            throw new IOException("not a request of HTTP/1");
        }
        Map<String, String> headers = headers(in);
        if (headers.containsKey("transfer-encoding")) {
            throw new IOException("only requests with a Content-Length are read here");
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length < 0 || length > LARGEST_BODY) {
            throw new IOException("too large a request");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("half a request");
        }
        int mark = words[1].indexOf('?');
        return new Request(
                words[0],
                mark < 0 ? words[1] : words[1].substring(0, mark),
                mark < 0 ? "" : words[1].substring(mark + 1),
                Collections.unmodifiableMap(headers),
                new String(body, StandardCharsets.UTF_8));
    }

    /** Whether the connection may be used again. */
    boolean keepsAlive() {
        return !"close".equalsIgnoreCase(headers.get("connection"));
    }

    /** Null if there is none. */
    String bearer() {
        String authorization = headers.get("authorization");
        return authorization != null && authorization.startsWith("Bearer ")
                ? authorization.substring("Bearer ".length())
                : null;
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        var headers = new TreeMap<String, String>();
        String line;
        while ((line = line(in)) != null && !line.isEmpty()) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() >= MOST_HEADERS) {
                throw new IOException("not a header of HTTP/1");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim(),
                    (a, b) -> a + ", " + b);
        }
        return headers;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(128);
        int one;
        while ((one = in.read()) != '\n') {
            if (one < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("half a line");
            }
            if (line.size() > LONGEST_LINE) {
                throw new IOException("too long a line");
            }
            line.write(one);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
