package io.jenkins.plugins.qwiet.fake;

import java.util.Map;

/**
 * A call that {@link FakeQwiet} saw, with its bearer.
 *
 * @param path without query
 * @param query empty if there was none
 * @param headers by lower-case name
 * @param status 0 if the connection was cut instead of an answer
 * @param answer the body that was to be sent; its beginning if it is long
 */
public record RecordedRequest(
        String method, String path, String query, Map<String, String> headers, String body, int status, String answer) {
    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query) + ": " + status;
    }
}
