package io.jenkins.plugins.qwiet.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.Wire.Delivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** One thing that goes wrong with a call. */
public final class Fault {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PIECES = 10;

    private final String name;
    private final Operation operation;
    private final boolean handledFirst;
    private final UnaryOperator<Answer> twist;
    private final Delivery delivery;

    private Fault(
            String name, Operation operation, boolean handledFirst, UnaryOperator<Answer> twist, Delivery delivery) {
        this.name = name;
        this.operation = operation;
        this.handledFirst = handledFirst;
        this.twist = twist;
        this.delivery = delivery;
    }

    /** Not handled; Qwiet's own error. */
    public static Fault status(
            Operation operation, int status, String code, String message, String... validationErrors) {
        return instead("status " + status, operation, Answer.error(status, code, message, List.of(validationErrors)));
    }

    /** Not handled; 429 as a proxy sends it. */
    public static Fault tooManyRequests(Operation operation, String retryAfterOrNull) {
        return instead(
                "too many requests",
                operation,
                Answer.text(429, "Too many requests\n").with("Retry-After", retryAfterOrNull));
    }

    /** Not handled; 503 as a proxy sends it. */
    public static Fault unavailable(Operation operation, String retryAfterOrNull) {
        return instead(
                "unavailable",
                operation,
                Answer.text(503, "Service unavailable\n").with("Retry-After", retryAfterOrNull));
    }

    /** Handled; nothing comes for so long, then the answer. */
    public static Fault slowHeaders(Operation operation, Duration delay) {
        return delivered("slow headers", operation, (answer, wire) -> {
            wire.pause(delay);
            wire.send(answer);
        });
    }

    /** Handled; the headers come at once, the body in ten pieces over so long. */
    public static Fault slowBody(Operation operation, Duration delay) {
        return delivered("slow body", operation, (answer, wire) -> {
            int length = answer.body().length;
            wire.head(answer, length);
            for (int piece = 0; piece < PIECES; piece++) {
                wire.piece(answer.body(), length * piece / PIECES, length * (piece + 1) / PIECES);
                wire.pause(delay.dividedBy(PIECES));
            }
        });
    }

    /** Not handled; the connection is closed as soon as the request is there. */
    public static Fault cutBefore(Operation operation) {
        return new Fault("cut before", operation, false, answer -> null, (answer, wire) -> wire.cut());
    }

    /** Handled; the connection is closed without an answer. */
    public static Fault cutAfter(Operation operation) {
        return new Fault("cut after", operation, true, answer -> null, (answer, wire) -> wire.cut());
    }

    /** Handled; the connection is closed after half of the body. */
    public static Fault cutDuringBody(Operation operation) {
        return delivered("cut during body", operation, (answer, wire) -> {
            wire.head(answer, answer.body().length);
            wire.piece(answer.body(), 0, answer.body().length / 2);
            wire.cut();
        });
    }

    /** Handled; the answer is 200 and no JSON. */
    public static Fault garbage(Operation operation) {
        return twisted(
                "garbage",
                operation,
                answer -> answer.withBody("\u0000\u00ff]}garbage{[\u0001".getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Handled; the answer ends in the middle of its JSON, though HTTP has nothing to complain of. */
    public static Fault truncatedJson(Operation operation) {
        return twisted(
                "truncated JSON",
                operation,
                answer -> answer.withBody(Arrays.copyOf(answer.body(), answer.body().length / 2)));
    }

    /** Not handled; the page of a proxy. */
    public static Fault html(Operation operation, int status) {
        return instead("HTML " + status, operation, Answer.html(status));
    }

    /** Handled; before the response comes so much white space that the body has about so many bytes. */
    public static Fault huge(Operation operation, long bytes) {
        return delivered("huge", operation, (answer, wire) -> {
            byte[] start = {'{'};
            byte[] rest = answer.body().clone();
            byte[] block = new byte[64 * 1024];
            Arrays.fill(block, (byte) ' ');
            long blocks = Math.max(1, bytes / block.length);
            wire.head(answer, start.length + blocks * block.length + rest.length - 1);
            wire.piece(start, 0, start.length);
            for (long i = 0; i < blocks; i++) {
                wire.piece(block, 0, block.length);
            }
            wire.piece(rest, 1, rest.length);
        });
    }

    /** Handled; a field is missing in the response (of a list: in each element), or {@code ok} or {@code response} itself. */
    public static Fault missingField(Operation operation, String field) {
        return twisted("no " + field, operation, answer -> {
            try {
                var envelope = (ObjectNode) MAPPER.readTree(answer.body());
                JsonNode response = envelope.path("response");
                envelope.remove(field);
                if (response instanceof ObjectNode object) {
                    object.remove(field);
                }
                response.forEach(each -> {
                    if (each instanceof ObjectNode object) {
                        object.remove(field);
                    }
                });
                return answer.withBody(MAPPER.writeValueAsBytes(envelope));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Not handled. */
    public static Fault redirect(Operation operation, int status, String location) {
        return instead("redirect", operation, Answer.text(status, "Elsewhere\n").with("Location", location));
    }

    /** Handled; but the answer is an error. */
    public static Fault errorAfter(Operation operation, int status) {
        return twisted(
                "error " + status + " after",
                operation,
                answer -> Answer.error(status, "INTERNAL", "Something broke after the work was done", List.of()));
    }

    private static Fault instead(String name, Operation operation, Answer answer) {
        return new Fault(name, operation, false, ignored -> answer, Delivery.WHOLE);
    }

    private static Fault twisted(String name, Operation operation, UnaryOperator<Answer> twist) {
        return new Fault(name, operation, true, twist, Delivery.WHOLE);
    }

    private static Fault delivered(String name, Operation operation, Delivery delivery) {
        return new Fault(name, operation, true, answer -> answer, delivery);
    }

    boolean concerns(Operation called) {
        return called != null && operation.covers(called);
    }

    boolean handledFirst() {
        return handledFirst;
    }

    /** Null for no answer. */
    Answer twist(Answer honest) {
        return twist.apply(honest);
    }

    Delivery delivery() {
        return delivery;
    }

    @Override
    public String toString() {
        return name + " on " + operation;
    }
}
