package io.jenkins.plugins.qwiet.fake;

import io.jenkins.plugins.qwiet.fake.Wire.Delivery;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A stand-in for Qwiet's API v4 on a port of the loopback interface, which can also go wrong in every way that a network
 * can. Each connection has a thread of its own, so a slow call holds up no other. Safe on any thread.
 */
public final class FakeQwiet implements AutoCloseable {
    private static final int MOST_RECORDED = 20_000;
    private static final int LONGEST_RECORDED = 256 * 1024;

    private final Clock clock;
    private final PrintStream log;
    private final Connections connections;
    private final FakeOrganization organization;
    private final Map<String, FakeOrganization> organizations = new ConcurrentHashMap<>();
    private final FakeApi api = new FakeApi(organizations);
    private final FaultPlan faults = new FaultPlan();
    private final List<Hold> holds = new CopyOnWriteArrayList<>();
    private final Deque<RecordedRequest> requests = new ArrayDeque<>();
    private final AtomicIntegerArray calls = new AtomicIntegerArray(Operation.values().length);
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private volatile Duration latency = Duration.ZERO;
    private volatile Dialect dialect = Dialect.PLAIN;
    private volatile Random words = new Random(0);
    private volatile Duration ahead;

    FakeQwiet(int port, Clock clock, String orgId, String serviceAccountOrNull, PrintStream logOrNull) {
        this.clock = clock;
        this.log = logOrNull;
        this.organization = new FakeOrganization(orgId, serviceAccountOrNull, clock);
        organizations.put(orgId, organization);
        try {
            connections = new Connections(port, this::handle);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On any free port, by the system's clock. */
    public static FakeQwiet start() {
        return start(Clock.systemUTC());
    }

    /** On any free port. */
    public static FakeQwiet start(Clock clock) {
        return start(0, clock);
    }

    /** On this port; 0 for any free one. */
    public static FakeQwiet start(int port, Clock clock) {
        return new FakeQwiet(port, clock, UUID.randomUUID().toString(), null, null);
    }

    /** Runs one until it is killed; see {@link CommandLine}. */
    public static void main(String[] args) throws InterruptedException {
        CommandLine.run(args);
    }

    /** What a client needs as the API's address. */
    public String address() {
        return "http://127.0.0.1:" + connections.port() + FakeApi.BASE;
    }

    /** The one that is there from the beginning. */
    public FakeOrganization organization() {
        return organization;
    }

    public FakeOrganization addOrganization() {
        var added = new FakeOrganization(UUID.randomUUID().toString(), null, clock);
        organizations.put(added.id(), added);
        return added;
    }

    /** The organization of this id, which must be there. */
    public FakeOrganization organization(String orgId) {
        return Objects.requireNonNull(organizations.get(orgId), "no such organization");
    }

    /** Plays once, for the next call that it is about. Those given first play first. */
    public void fault(Fault fault) {
        faults.once(fault);
    }

    /** Plays for each call that it is about, until {@link #clearFaults()}. */
    public void faultAlways(Fault fault) {
        faults.always(fault);
    }

    /** Lets each call meet one of these with some probability, until {@link #clearFaults()}. */
    public void faultRandomly(double probability, Random random, List<Fault> choice) {
        faults.randomly(probability, random, choice);
    }

    /** From now on all goes well. */
    public void clearFaults() {
        faults.clear();
    }

    /** From now on each answer has a {@code Date}: of a clock that is so far ahead of the one given. */
    public void tellTime(Duration ahead) {
        this.ahead = ahead;
    }

    /** Makes each call take so much longer, before it is handled. */
    public void latency(Duration delay) {
        latency = delay;
    }

    /** From now on it words what it says in this way. */
    public void speak(Dialect newDialect, Random random) {
        words = random;
        dialect = newDialect;
    }

    /** The last 20,000 calls that were handled or cut, oldest first. */
    public List<RecordedRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** The value of a token with that label, dead or alive: the first one whose creation said so. */
    public String valueOf(String label) {
        return requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.body().contains("\"" + label + "\""))
                .map(request -> request.answer().replaceFirst("(?s).*\"value\":\"([^\"]*)\".*", "$1"))
                .findFirst()
                .orElseThrow();
    }

    /** How many calls of this kind arrived, those included that met a fault or wait. */
    public int calls(Operation operation) {
        return calls.get(operation.ordinal());
    }

    /** How many calls at most were there at the same time. */
    public int mostCallsAtOnce() {
        return most.get();
    }

    /** From now on, calls of this kind wait before anything is done about them. */
    public Hold hold(Operation operation) {
        var hold = new Hold(operation);
        holds.add(hold);
        return hold;
    }

    List<FakeOrganization> organizations() {
        return List.copyOf(organizations.values());
    }

    private void handle(Request request, Wire wire) throws IOException, InterruptedException {
        if (request.path().startsWith("/fake/")) {
            wire.send(Pages.answer(request.path(), organizations()));
            return;
        }
        Operation operation = FakeApi.operation(request);
        count(operation);
        Answer answer;
        Delivery delivery = Delivery.WHOLE;
        try {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            for (Hold hold : holds) {
                if (hold.concerns(operation)) {
                    hold.pass();
                }
            }
            wire.pause(latency);
            Fault fault = faults.next(operation);
            answer = fault == null || fault.handledFirst() ? api.answer(request).in(dialect, operation, words) : null;
            if (fault != null) {
                answer = fault.twist(answer);
                delivery = fault.delivery();
            }
        } finally {
            now.decrementAndGet();
        }
        if (answer != null && ahead != null) {
            Instant now = clock.instant().plus(ahead);
            answer = answer.with("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
        }
        record(request, answer);
        delivery.deliver(answer, wire);
    }

    private void count(Operation operation) {
        if (operation != null) {
            calls.incrementAndGet(operation.ordinal());
        }
        calls.incrementAndGet(Operation.ANY.ordinal());
    }

    private void record(Request request, Answer answer) {
        int status = answer == null ? 0 : answer.status();
        String body = answer == null
                ? ""
                : new String(
                        answer.body(), 0, Math.min(answer.body().length, LONGEST_RECORDED), StandardCharsets.UTF_8);
        synchronized (requests) {
            if (requests.size() == MOST_RECORDED) {
                requests.removeFirst();
            }
            requests.add(new RecordedRequest(
                    request.method(),
                    request.path(),
                    request.query(),
                    request.headers(),
                    request.body(),
                    status,
                    body));
        }
        if (log != null) {
            log.println(request.method() + " " + request.path() + " " + (status == 0 ? "cut" : status));
        }
    }

    /** Ends all connections at once. */
    @Override
    public void close() {
        connections.close();
    }
}
