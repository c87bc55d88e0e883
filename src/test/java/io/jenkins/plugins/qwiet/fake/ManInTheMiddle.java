package io.jenkins.plugins.qwiet.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.Meddling.Answers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Stands between a client and {@link FakeQwiet} on a port of the loopback interface, as gateways, proxies and balancers do,
 * and meddles with calls. Speaks HTTP/1.1 and HTTP/2 (without TLS, begun with its preface). Safe on any thread.
 */
public final class ManInTheMiddle implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final URI qwiet;
    private final HttpClient onwards =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FrontDoor door;
    private final AtomicInteger passedOn = new AtomicInteger();
    private final Duration late;
    private final Phaser underWay = new Phaser(1);
    private volatile Function<Operation, Meddling> plan = operation -> Meddling.NONE;
    private volatile Random random = new Random(0);

    /**
     * @param qwietAddress its API's address
     * @param late how long what is held back is held back
     */
    public ManInTheMiddle(String qwietAddress, Duration late) throws IOException {
        this.qwiet = URI.create(qwietAddress);
        this.late = late;
        this.door = new FrontDoor(this::handle);
    }

    /** What a client needs as the API's address. */
    public String address() {
        return "http://127.0.0.1:" + door.port() + qwiet.getPath();
    }

    /** What becomes of each call from now on. Asked on many threads. */
    public void meddle(Function<Operation, Meddling> newPlan) {
        plan = newPlan;
    }

    /** With some probability each call meets one of these. */
    public void meddle(double probability, Random newRandom, List<Meddling> choice) {
        random = newRandom;
        plan = operation ->
                newRandom.nextDouble() < probability ? choice.get(newRandom.nextInt(choice.size())) : Meddling.NONE;
    }

    /** How many requests it sent to Qwiet. */
    public int passedOn() {
        return passedOn.get();
    }

    /** Waits until all that it was asked has been passed on, also what it holds back; nothing may be asked meanwhile. */
    public void awaitQuiet() {
        underWay.arriveAndAwaitAdvance();
    }

    private void handle(Request request, Line line) throws IOException {
        underWay.register();
        try {
            meddle(request, line);
        } finally {
            underWay.arriveAndDeregister();
        }
    }

    private void meddle(Request request, Line line) throws IOException {
        Operation operation = FakeApi.operation(request);
        Meddling meddling = operation == null ? Meddling.NONE : plan.apply(operation);
        if (meddling == Meddling.LATE) {
            Executor later = CompletableFuture.delayedExecutor(late.toMillis(), TimeUnit.MILLISECONDS);
            underWay.register();
            later.execute(() -> passOnUnheard(request));
            line.goSilent();
            return;
        }
        Answer answer = null;
        for (int i = 0; i < meddling.arrivals(); i++) {
            answer = passOn(request);
        }
        switch (meddling) {
            case NO_CONNECTION, CUT_BEFORE, CUT_AFTER -> line.cut();
            case CUT_IN_ANSWER -> line.sendHalf(answer);
            case SILENT_BEFORE, SILENT_AFTER -> line.goSilent();
            case SLOW -> {
                Answer slow = answer;
                CompletableFuture.delayedExecutor(late.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> sendUnheard(line, slow));
            }
            case STRIPPED -> line.send(new Answer(answer.status(), Map.of(), answer.body()));
            case PAGED -> line.send(operation == Operation.LIST ? firstPage(answer) : answer);
            default -> line.send(meddling.answers() == Answers.BOX ? box(meddling) : answer);
        }
    }

    private Answer box(Meddling meddling) {
        List<Meddling.Box> choice = meddling == Meddling.TURNED_AWAY ? Meddling.TOO_MANY : Meddling.BOXES;
        Meddling.Box box = choice.get(random.nextInt(choice.size()));
        var headers = new LinkedHashMap<String, String>();
        for (int i = 0; i < box.headers().size(); i += 2) {
            headers.put(box.headers().get(i), box.headers().get(i + 1));
        }
        return new Answer(box.status(), headers, box.body().getBytes(StandardCharsets.UTF_8));
    }

    private static Answer firstPage(Answer list) throws IOException {
        JsonNode json = MAPPER.readTree(list.body());
        if (json instanceof ObjectNode envelope && envelope.get("response") instanceof ArrayNode tokens) {
            for (int all = tokens.size(); !tokens.isEmpty() && tokens.size() > all / 2; ) {
                tokens.remove(tokens.size() - 1);
            }
            envelope.put("has_more", true);
        }
        return list.withBody(MAPPER.writeValueAsBytes(json));
    }

    private Answer passOn(Request request) throws IOException {
        var uri = URI.create("http://" + qwiet.getAuthority() + request.path()
                + (request.query().isEmpty() ? "" : "?" + request.query()));
        HttpRequest.Builder onward =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).method(request.method(), publisher(request));
        for (String header : List.of("authorization", "content-type", "accept", "user-agent")) {
            if (request.headers().containsKey(header)) {
                onward.header(header, request.headers().get(header));
            }
        }
        passedOn.incrementAndGet();
        try {
            HttpResponse<byte[]> answer = onwards.sendAsync(onward.build(), BodyHandlers.ofByteArray())
                    .get();
            var headers = new LinkedHashMap<String, String>();
            for (String header : List.of("Content-Type", "Date", "Retry-After", "Location", "Link")) {
                answer.headers().firstValue(header).ifPresent(value -> headers.put(header, value));
            }
            return new Answer(answer.statusCode(), headers, answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static HttpRequest.BodyPublisher publisher(Request request) {
        return request.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body());
    }

    private void passOnUnheard(Request request) {
        try {
            passOn(request);
        } catch (IOException e) {
            // Nobody waits for it.
        } finally {
            underWay.arriveAndDeregister();
        }
    }

    private static void sendUnheard(Line line, Answer answer) {
        try {
            line.send(answer);
        } catch (IOException e) {
            // Nobody waits for it any more.
        }
    }

    /** Ends all connections at once. */
    @Override
    public void close() {
        door.close();
    }
}
