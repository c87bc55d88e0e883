package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.api.VirtualSends;
import io.jenkins.plugins.qwiet.fake.Meddling;
import io.jenkins.plugins.qwiet.fake.Meddling.Answers;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/** The way from one process to Qwiet and back, and what goes wrong on it. */
final class VirtualNetwork implements Call.Factory, VirtualCall.Carrier {
    /** After which a client gives up. */
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    /** No request is held back for longer: beyond that, nobody could promise anything. */
    static final Duration LATEST = Duration.ofMinutes(3);

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Installation home;
    private final World world;
    private final Timeline timeline;
    private final Timeline.Life life;
    private final Dice dice;
    private final CrossedAnswers crossed;

    VirtualNetwork(Installation home, Timeline.Life life) {
        this.home = home;
        this.world = home.world();
        this.timeline = world.timeline();
        this.life = life;
        this.dice = world.dice();
        this.crossed = new CrossedAnswers(world);
    }

    @Override
    public Call newCall(Request request) {
        return new VirtualCall(request, this);
    }

    @Override
    public void cancelled(VirtualCall call) {
        timeline.after(1_000_000, life, () -> call.fail(new IOException("Canceled")));
    }

    @Override
    public void carry(VirtualCall call) {
        home.mayKill(life, "before a call");
        VirtualQwiet.Call asked = read(call.request());
        Meddling meddling = world.weather().meddling(asked);
        world.say(
                "call",
                () -> asked.operation() + " " + (asked.tokenId() == null ? "" : asked.tokenId()) + ": " + meddling);
        if (meddling == Meddling.NO_CONNECTION) {
            timeline.after(dice.skewed(1_000_000, 10_000_000_000L), life, () -> fail(call, new ConnectException()));
            return;
        }
        VirtualSends.begin(call, VirtualSends.mayShare(call.request()) && dice.chance(0.5));
        timeline.after(CALL_TIMEOUT, life, () -> fail(call, new InterruptedIOException("timeout")));
        var journey = new Journey(call, asked, meddling);
        journey.begin();
        home.mayKill(life, "after a call was sent");
    }

    private void fail(VirtualCall call, IOException problem) {
        call.fail(call.isCanceled() ? new IOException("Canceled") : problem);
    }

    /** One request on its way, and its answer. */
    private final class Journey {
        private final VirtualCall call;
        private final VirtualQwiet.Call asked;
        private final Meddling meddling;
        private int toArrive;

        Journey(VirtualCall call, VirtualQwiet.Call asked, Meddling meddling) {
            this.call = call;
            this.asked = asked;
            this.meddling = meddling;
            this.toArrive = meddling.arrivals();
        }

        void begin() {
            ListCache.Kept kept = asked.operation() == Operation.LIST && meddling == Meddling.NONE
                    ? world.weather().listCache().of(asked)
                    : null;
            if (kept != null && world.weather().keepsLists()) {
                world.say("kept list", () -> "of " + kept.date());
                timeline.after(latency(), life, () -> call.answer(ofQwiet(kept.reply(), dateOf(kept))));
                return;
            } else if (toArrive == 0) {
                answer(null);
                return;
            }
            world.ledger().sent(asked, home);
            long first = meddling == Meddling.LATE
                    ? CALL_TIMEOUT.toNanos()
                            + dice.skewed(0, LATEST.minus(CALL_TIMEOUT).toNanos())
                    : latency();
            timeline.after(first, Timeline.NATURE, this::arrive);
        }

        /** With the date of now only if Jenkins can know better: else nobody could. What one page lacks may be on another. */
        private Instant dateOf(ListCache.Kept kept) {
            String list = new Buffer().write(kept.reply().body()).readUtf8();
            return world.weather().cachesTellTheTime()
                            && !world.qwiet().pages().areSeveral()
                            && knowsOneThatIsNotIn(list)
                    ? world.qwiet().time()
                    : kept.date();
        }

        /** Whether the Jenkins that asks has known for some time that a token of this account lives, and the list lacks it. */
        private boolean knowsOneThatIsNotIn(String list) {
            VirtualQwiet qwiet = world.qwiet();
            Controller controller = home.controller();
            boolean knows = controller != null
                    && controller.knows(lease -> world.people()
                                    .bearer(lease.account().credentialsId())
                                    .filter(asked.bearer()::equals)
                                    .isPresent()
                            && lease.organization().orgId().equals(asked.orgId())
                            && lease.expiresAt() != null
                            && lease.expiresAt().isAfter(qwiet.time().plusSeconds(60))
                            && qwiet.live().anyMatch(token -> token.id().equals(lease.tokenId()))
                            && !list.contains("\"" + lease.tokenId() + "\""));
            if (knows) {
                world.say("kept list", () -> "with the date of now");
            }
            return knows;
        }

        private void arrive() {
            boolean broken = world.weather().qwietBreaks(asked);
            VirtualQwiet.Reply reply = broken
                    ? world.qwiet().error(asked, 500, "INTERNAL", "Something broke")
                    : world.qwiet().answer(asked);
            world.say(
                    "qwiet",
                    () -> asked.operation() + " " + (asked.tokenId() == null ? "" : asked.tokenId()) + ": "
                            + reply.status());
            world.ledger().arrived(asked, toArrive > 1);
            toArrive--;
            if (toArrive > 0) {
                timeline.after(latency(), Timeline.NATURE, this::arrive);
            } else {
                if (asked.operation() == Operation.LIST && reply.status() == 200) {
                    world.weather()
                            .listCache()
                            .keep(asked, new ListCache.Kept(reply, world.qwiet().time()));
                }
                boolean forgets = !broken && world.weather().qwietBreaksAfterwards(asked);
                answer(forgets ? world.qwiet().error(asked, 500, "INTERNAL", "Something broke afterwards") : reply);
            }
        }

        private void answer(VirtualQwiet.Reply reply) {
            long delay =
                    meddling == Meddling.SLOW ? dice.skewed(1_000_000_000L, CALL_TIMEOUT.toNanos() * 2) : latency();
            if (meddling.answers() != Answers.NOBODY) {
                timeline.after(delay, life, () -> deliver(reply));
            } else if (meddling == Meddling.CUT_BEFORE || meddling == Meddling.CUT_AFTER) {
                timeline.after(delay, life, () -> fail(call, new IOException("unexpected end of stream")));
            }
        }

        private void deliver(VirtualQwiet.Reply reply) {
            home.mayKill(life, "before an answer");
            if (call.isCanceled()) {
                call.fail(new IOException("Canceled"));
            } else if (meddling.answers() == Answers.BOX) {
                call.answer(ofBox());
            } else {
                boolean crosses = meddling == Meddling.NONE && !call.isAnswered();
                VirtualQwiet.Reply given = crosses ? crossed.insteadOf(asked, reply) : reply;
                if (crosses) {
                    crossed.delivers(asked, reply);
                }
                call.answer(ofQwiet(given, world.qwiet().time()));
            }
        }

        private Response ofBox() {
            Meddling.Box box = dice.oneOf(meddling == Meddling.TURNED_AWAY ? Meddling.TOO_MANY : Meddling.BOXES);
            world.say("box", () -> box.status() + " " + box.headers());
            return response(box.status(), box.headers(), new Buffer().writeUtf8(box.body()));
        }

        private Response ofQwiet(VirtualQwiet.Reply reply, Instant date) {
            List<String> headers = meddling == Meddling.STRIPPED
                    ? List.of()
                    : List.of("Content-Type", "application/json", "Date", HTTP_DATE.format(date));
            Buffer body = new Buffer().write(reply.body());
            if (meddling == Meddling.CUT_IN_ANSWER) {
                return response(reply.status(), headers, cut(body));
            } else if (meddling == Meddling.PAGED && asked.operation() == Operation.LIST && reply.status() == 200) {
                return response(reply.status(), headers, Pages.first(body, dice));
            }
            return response(reply.status(), headers, body);
        }

        private Response response(int status, List<String> headers, Source body) {
            return new Response.Builder()
                    .request(call.request())
                    .protocol(Protocol.HTTP_1_1)
                    .code(status)
                    .message("")
                    .headers(Headers.of(headers.toArray(String[]::new)))
                    .body(ResponseBody.create(Okio.buffer(body), (MediaType) null, -1))
                    .build();
        }

        private Source cut(Buffer whole) {
            long half = whole.size() / 2;
            return new ForwardingSource(whole) {
                @Override
                public long read(Buffer sink, long byteCount) throws IOException {
                    if (whole.size() <= half) {
                        throw new IOException("unexpected end of stream");
                    }
                    return super.read(sink, Math.min(byteCount, whole.size() - half));
                }
            };
        }

        private long latency() {
            return dice.skewed(1_000_000, 400_000_000);
        }
    }

    private static VirtualQwiet.Call read(Request request) {
        List<String> path = request.url().pathSegments();
        boolean scopes = path.get(path.size() - 1).equals("my_scopes");
        int tokens = scopes ? path.size() - 1 : path.indexOf("tokens");
        if (tokens < 2 || path.size() > tokens + 2) {
            throw new AssertionError("A call to a place that is not part of the API: " + request.url());
        }
        boolean one = path.size() == tokens + 2;
        Operation operation =
                switch (request.method()) {
                    case "POST" -> Operation.CREATE;
                    case "GET" -> scopes ? Operation.SCOPES : Operation.LIST;
                    case "DELETE" -> Operation.DELETE;
                    default -> throw new AssertionError(request.method());
                };
        String after = request.url().queryParameter("after");
        String bearer = String.valueOf(request.header("Authorization")).replace("Bearer ", "");
        return new VirtualQwiet.Call(
                operation,
                path.get(tokens - 1),
                one ? path.get(tokens + 1) : null,
                bearer,
                body(request),
                after == null ? 0 : Long.parseLong(after));
    }

    private static String body(Request request) {
        if (request.body() == null) {
            return "";
        }
        try {
            var buffer = new Buffer();
            request.body().writeTo(buffer);
            return buffer.readUtf8();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
