package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Sends one request, and says what became of it. Once; only what may be done twice goes out a second time, at once and on a
 * connection of its own, if the connection was dead.
 */
final class HttpCalls {
    private static final Logger LOGGER = Logger.getLogger(HttpCalls.class.getName());
    private static final Texts TEXTS = Texts.of(HttpCalls.class);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(5);

    /** RFC 9110, 15.5.9 and 15.5.20, and RFC 8470, 5.2: about the connection; another may be asked the same at once. */
    private static final Set<Integer> ABOUT_THE_CONNECTION = Set.of(408, 421, 425);

    private final Call.Factory http;
    private final ResponseReader reader;
    private final ServerClock serverClock;
    private final LongSupplier nanos;
    private final Later later;
    private final Duration patience;
    private final Habits habits;
    private final CallWatcher watcher;

    /**
     * @param http knows nothing of repeating a call; tells a request's tag {@link Progress} what happens
     * @param serverClock is told the time of each answer of Qwiet
     * @param nanos the monotonic source of that clock
     * @param later ends a call that waits for an answer on a dead connection
     * @param callTimeout of a call as a whole
     */
    HttpCalls(
            Call.Factory http,
            ResponseReader reader,
            ServerClock serverClock,
            LongSupplier nanos,
            Later later,
            Duration callTimeout) {
        this(http, reader, serverClock, nanos, later, callTimeout, new Habits(), CallWatcher.NONE);
    }

    /**
     * @param habits of the API at that address
     * @param watcher is told how long each request took
     */
    HttpCalls(
            Call.Factory http,
            ResponseReader reader,
            ServerClock serverClock,
            LongSupplier nanos,
            Later later,
            Duration callTimeout,
            Habits habits,
            CallWatcher watcher) {
        this.habits = habits;
        this.watcher = watcher;
        this.http = http;
        this.reader = reader;
        this.serverClock = serverClock;
        this.nanos = nanos;
        this.later = later;
        Duration third = callTimeout.dividedBy(3);
        this.patience = third.compareTo(LONGEST_PATIENCE) < 0 ? third : LONGEST_PATIENCE;
    }

    Habits habits() {
        return habits;
    }

    /** A monotonic source. */
    LongSupplier nanos() {
        return nanos;
    }

    ServerClock serverClock() {
        return serverClock;
    }

    /** Cancelling the future ends the call. */
    <T> CompletableFuture<Outcome<T>> send(Request request, ResponseReader.Body<T> body) {
        var future = new CompletableFuture<Outcome<T>>();
        begin(request, body, future);
        return future;
    }

    private <T> void begin(Request request, ResponseReader.Body<T> body, CompletableFuture<Outcome<T>> future) {
        var progress = new Progress(later, nanos, patience);
        long begun = nanos.getAsLong();
        var call =
                http.newCall(request.newBuilder().tag(Progress.class, progress).build());
        future.whenComplete((outcome, problem) -> {
            if (future.isCancelled()) {
                call.cancel();
            }
        });
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException problem) {
                tellOver();
                failed(problem);
            }

            private void tellOver() {
                CallWatcher.Operation operation = request.tag(CallWatcher.Operation.class);
                if (operation != null && progress.sent() && !future.isCancelled()) {
                    watcher.over(operation, nanos.getAsLong() - progress.sentAt());
                }
            }

            private Outcome<T> read(Response response) throws IOException {
                try {
                    return reader.read(response, body, progress::watched);
                } finally {
                    tellOver();
                }
            }

            private void failed(Exception problem) {
                if (!future.isDone() && mayBeRepeated(request, progress) && isOfDyingConnection(problem, progress)) {
                    repeat();
                } else {
                    future.complete(outcomeOf(problem, progress, request));
                }
            }

            private void repeat() {
                LOGGER.log(Level.FINE, "{0} {1}: again, for the connection was dead", new Object[] {
                    request.method(), request.url().encodedPath()
                });
                try {
                    body.begin();
                    body.mayBeDone();
                    begin(
                            request.newBuilder()
                                    .tag(Transport.Connection.class, Transport.Connection.OF_ITS_OWN)
                                    .build(),
                            body,
                            future);
                } catch (RuntimeException | Error e) {
                    // OkHttp does not report what its callback throws.
                    future.completeExceptionally(e);
                }
            }

            @Override
            public void onResponse(Call answered, Response response) {
                Outcome<T> outcome;
                try (response) {
                    outcome = read(response);
                    if (!future.isDone()
                            && mayBeRepeated(request, progress)
                            && isOfDyingConnection(response, outcome, progress)) {
                        repeat();
                        return;
                    }
                    if (outcome instanceof Done && body.isSigned() || outcome instanceof Refused) {
                        tellTime(response, begun);
                    }
                } catch (IOException | RuntimeException problem) {
                    failed(problem);
                    return;
                } catch (Error e) {
                    // OkHttp does not report what its callback throws.
                    future.completeExceptionally(e);
                    throw e;
                }
                LOGGER.log(Level.FINE, "{0} {1}: {2}", new Object[] {
                    request.method(), request.url().encodedPath(), response.code()
                });
                future.complete(outcome);
            }
        });
    }

    /** Never a second time. */
    private static boolean mayBeRepeated(Request request, Progress progress) {
        return Transport.isIdempotent(request) && request.tag(Transport.Connection.class) == null && progress.sent();
    }

    /** After a connection broke; not after one that was in time for nothing. */
    private static boolean isOfDyingConnection(Exception problem, Progress progress) {
        boolean broke = problem instanceof IOException && !isTimeout(problem) && !ResponseReader.isOfAnswer(problem);
        return broke || progress.gaveUp();
    }

    /**
     * Whether something on the way wrote this as it closed an idle connection, perhaps before it was asked; or the answer
     * is cut, so that nobody knows whose it is. What says when to come again was meant for this call.
     */
    private static boolean isOfDyingConnection(Response response, Outcome<?> outcome, Progress progress) {
        if (outcome instanceof Done || outcome.retryAfter() != null) {
            return false;
        }
        boolean closes =
                "close".equalsIgnoreCase(response.header("Connection")) || response.protocol() == Protocol.HTTP_1_0;
        return ABOUT_THE_CONNECTION.contains(response.code())
                || outcome instanceof Unsure && (progress.broke() || progress.gaveUp() || progress.reused() && closes);
    }

    private static boolean isTimeout(Exception problem) {
        return problem instanceof SocketTimeoutException || "timeout".equals(problem.getMessage());
    }

    /** Only of answers that came from Qwiet itself, as they say, and now: not from a cache. */
    private void tellTime(Response response, long begun) {
        Date date = response.headers().getDate("Date");
        if (date != null && "0".equals(response.header("Age", "0"))) {
            boolean list = response.request().url().encodedPath().endsWith("/tokens");
            // What else is asked for is asked for seldom, by a person who waits for it: it counts if nothing else is
            // known.
            boolean keepable = response.request().method().equals("GET") && (list || serverClock.skew() != null);
            serverClock.saw(date.toInstant(), begun, keepable);
        }
    }

    private static <T> Outcome<T> outcomeOf(Exception problem, Progress progress, Request request) {
        String words = words(problem, request);
        LOGGER.log(Level.FINE, "{0} {1}: {2}", new Object[] {
            request.method(), request.url().encodedPath(), words
        });
        if (!progress.sent()) {
            return new NotSent<>(words, null);
        }
        return new Unsure<>(
                words, null, problem instanceof ResponseReader.Unreadable u ? u.made() : null, causeOf(problem));
    }

    private static Cause causeOf(Exception problem) {
        if (ResponseReader.isOfAnswer(problem)) {
            return Cause.INDETERMINATE;
        }
        return problem instanceof IOException ? Cause.UNREACHABLE : Cause.OTHER;
    }

    /** Exceptions are put in words of our own: theirs may quote what was sent or received. */
    private static String words(Exception problem, Request request) {
        String host = request.url().host();
        String port = String.valueOf(request.url().port());
        if (problem instanceof UnknownHostException) {
            return TEXTS.get("HttpCalls.unknownHost", host);
        } else if (problem instanceof ConnectException) {
            return TEXTS.get("HttpCalls.noConnection", host, port);
        } else if (problem instanceof SSLException) {
            return TEXTS.get("HttpCalls.noTls", host, port);
        } else if (isTimeout(problem)) {
            return TEXTS.get("HttpCalls.noAnswer", host);
        } else if (problem instanceof ResponseReader.TooLarge) {
            return TEXTS.get("HttpCalls.tooLarge", host);
        } else if (problem instanceof ResponseReader.Unreadable u) {
            return TEXTS.get("HttpCalls.unreadable", host, u.getMessage());
        } else if (isOfProxy(problem.getMessage())) {
            return TEXTS.get("HttpCalls.proxy", host);
        } else if (problem instanceof IOException) {
            return TEXTS.get("HttpCalls.broke", host);
        }
        return TEXTS.get("HttpCalls.failed", host, problem.getClass().getSimpleName());
    }

    /** OkHttp has no exception type for a refusal by the proxy. */
    private static boolean isOfProxy(@CheckForNull String message) {
        return message != null
                && (message.startsWith("Failed to authenticate with proxy")
                        || message.startsWith("Unexpected response code for CONNECT"));
    }
}
