package io.jenkins.plugins.qwiet.fake;

import java.util.List;

/** What a box between Jenkins and Qwiet, or the network itself, does to one call. */
public enum Meddling {
    /** Passes it on, and the answer back. */
    NONE(1, Answers.QWIET),
    /** There is no way to Qwiet: not a byte is sent. */
    NO_CONNECTION(0, Answers.NOBODY),
    /** Cuts the connection before the request reached Qwiet. */
    CUT_BEFORE(0, Answers.NOBODY),
    /** Cuts the connection when Qwiet has done it. */
    CUT_AFTER(1, Answers.NOBODY),
    /** Cuts the connection in the middle of the answer. */
    CUT_IN_ANSWER(1, Answers.QWIET),
    /** Says nothing more, on a connection that stays open; Qwiet never heard of it. */
    SILENT_BEFORE(0, Answers.NOBODY),
    /** Says nothing more, on a connection that stays open; Qwiet did it. */
    SILENT_AFTER(1, Answers.NOBODY),
    /** Holds the request back until nobody waits for its answer any more. */
    LATE(1, Answers.NOBODY),
    /** Holds everything back, but not for too long. */
    SLOW(1, Answers.QWIET),
    /** Sends the request on twice; one answer comes back. */
    REPEATED(2, Answers.QWIET),
    /** Sends the request on twice, and says that Qwiet did not answer. */
    REPEATED_AND_BLOCKED(2, Answers.BOX),
    /** Answers in Qwiet's place. */
    ANSWERED_BEFORE(0, Answers.BOX),
    /** Passes it on, and then answers in Qwiet's place. */
    ANSWERED_AFTER(1, Answers.BOX),
    /** Turns it away unread: 429. */
    TURNED_AWAY(0, Answers.BOX),
    /** Passes it on, and takes the headers of the answer away. */
    STRIPPED(1, Answers.QWIET),
    /** Passes it on, and gives only the first page of a list. */
    PAGED(1, Answers.QWIET);

    /** Whose words come back. */
    public enum Answers {
        QWIET,
        BOX,
        NOBODY
    }

    /** What boxes say in Qwiet's place. */
    public record Box(int status, List<String> headers, String body) {}

    private static final String PAGE = "<!DOCTYPE html>\n<html><body><h1>Your network says hello</h1></body></html>\n";
    private static final List<String> HTML = List.of("Content-Type", "text/html");

    /** Without 429, which says that nothing was done. */
    public static final List<Box> BOXES = List.of(
            page(503),
            page(503, "Retry-After", "0"),
            page(503, "Retry-After", "120"),
            page(503, "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"),
            page(504),
            page(502),
            page(500),
            page(408),
            page(425),
            page(403),
            page(401),
            page(404),
            page(409),
            page(410),
            page(200),
            page(302, "Location", "https://portal.example/login"),
            page(307, "Location", "https://elsewhere.example/"),
            new Box(
                    403,
                    List.of("Content-Type", "application/json"),
                    "{\"code\":\"BLOCKED\",\"message\":\"policy 7\"}"),
            new Box(404, List.of("Content-Type", "application/json"), "{\"code\":404,\"error\":\"no such route\"}"),
            new Box(401, List.of("Content-Type", "application/json"), "{\"ok\":true,\"code\":\"LOGIN\"}"));

    /** 429, as boxes say it. */
    public static final List<Box> TOO_MANY = List.of(
            page(429), page(429, "Retry-After", "0"), page(429, "Retry-After", "7"), page(429, "Retry-After", "600"));

    private final int arrivals;
    private final Answers answers;

    Meddling(int arrivals, Answers answers) {
        this.arrivals = arrivals;
        this.answers = answers;
    }

    /** How many requests reach Qwiet. */
    public int arrivals() {
        return arrivals;
    }

    public Answers answers() {
        return answers;
    }

    private static Box page(int status, String... headers) {
        if (headers.length == 0) {
            return new Box(status, HTML, PAGE);
        }
        return new Box(status, List.of("Content-Type", "text/html", headers[0], headers[1]), PAGE);
    }
}
