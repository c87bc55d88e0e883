package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.OnOtherTime;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.api.ServerClock;
import io.jenkins.plugins.qwiet.api.Token;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An organization in memory whose calls go as a script says; sound where the script is silent. */
final class ScriptedQwiet {
    enum Call {
        CREATE,
        LIST,
        DELETE
    }

    /** What happens to one call. */
    enum Turn {
        SOUND,
        /** Never reached Qwiet. */
        NOT_SENT,
        /** 401. */
        UNAUTHORIZED,
        /** 403. */
        FORBIDDEN,
        /** 400. */
        INVALID,
        /** 409. */
        CONFLICT,
        /** 410, though it may be there. */
        GONE,
        /** Turned away unread, with a word when to come again. */
        RETRY_LATER,
        /** Something on the way repeats the call, so Qwiet does it twice; one answer comes. */
        DOUBLED,
        /** Lost on its way, which the caller cannot know. */
        LOST,
        /** Done, but the answer is lost. */
        ANSWER_LOST,
        /** Nobody knows; Qwiet does it later, at {@link #catchUp}. */
        LATE,
        /** No answer at all; not done. */
        HANGS,
        /** No answer at all; done. */
        DONE_AND_HANGS,
        /** The future fails, which it never should. */
        BREAKS,
        /** The call throws, which it never should. */
        THROWS,
        /** The caller's machine stops before anything is sent. */
        MACHINE_STOPS_BEFORE,
        /** The caller's machine stops once Qwiet has done it. */
        MACHINE_STOPS_AFTER
    }

    /** When to come again, as {@link Turn#RETRY_LATER} says unless told otherwise. */
    static final Duration LATER = Duration.ofMinutes(5);

    static final String VALUE = "eyJ-the-value-of-token-";

    private final Clock clock;
    private final Organization organization;
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final Map<Call, Deque<Turn>> script = new EnumMap<>(Call.class);
    private final Map<Call, AtomicInteger> calls = new EnumMap<>(Call.class);
    private final List<Runnable> late = new ArrayList<>();
    private final List<CompletableFuture<?>> hanging = new ArrayList<>();
    private int made;
    private Turn always = Turn.SOUND;
    private final Map<Call, Turn> alwaysOf = new EnumMap<>(Call.class);
    private final Map<String, Turn> poisoned = new HashMap<>();
    private final Set<String> unlisted = new HashSet<>();
    private final Map<String, Token> stillListed = new LinkedHashMap<>();
    private Duration later = LATER;
    private boolean outage;
    private boolean whole = true;
    private boolean namesAnEnd = true;

    ScriptedQwiet(Clock clock) {
        this(clock, "1f0c2f5e-0000-4000-8000-000000000001");
    }

    ScriptedQwiet(Clock clock, String orgId) {
        this.clock = clock;
        this.organization = new Organization(ApiAddress.parse(ApiAddress.DEFAULT), orgId);
        for (Call call : Call.values()) {
            script.put(call, new ArrayDeque<>());
            calls.put(call, new AtomicInteger());
        }
    }

    synchronized ScriptedQwiet next(Call call, Turn... turns) {
        script.get(call).addAll(List.of(turns));
        return this;
    }

    /** What happens from now on to calls that the script does not mention. */
    synchronized void always(Turn turn) {
        always = turn;
    }

    /** Whether nothing works, whatever the script says. */
    synchronized void outage(boolean is) {
        outage = is;
    }

    /** What happens to each of these calls, until the end of the script. */
    synchronized void always(Call call, Turn turn) {
        alwaysOf.put(call, turn);
    }

    /** What happens whenever this token is to be revoked, until the end of the script. */
    synchronized void poison(String id, Turn turn) {
        poisoned.put(id, turn);
    }

    /** This token is not in the list yet. */
    synchronized void unlist(String id) {
        unlisted.add(id);
    }

    /** The list has caught up. */
    synchronized void listAll() {
        unlisted.clear();
        stillListed.clear();
    }

    /** Still in the list though it is gone. */
    synchronized void listThoughGone(Token token) {
        stillListed.put(token.id(), token);
    }

    /** How long {@link Turn#RETRY_LATER} asks to wait from now on. */
    synchronized void asksToWait(Duration time) {
        later = time;
    }

    /** Whether lists are whole from now on. */
    synchronized void listsAreWhole(boolean are) {
        whole = are;
    }

    /** From now on answers do not say when a token expires. */
    synchronized void nameNoEnd() {
        namesAnEnd = false;
    }

    /** What Qwiet does by itself. */
    synchronized void expire(String id) {
        tokens.remove(id);
    }

    synchronized void endScript() {
        poisoned.clear();
        alwaysOf.clear();
        script.values().forEach(Collection::clear);
        always = Turn.SOUND;
    }

    /** Does what came late. */
    synchronized void catchUp() {
        late.forEach(Runnable::run);
        late.clear();
    }

    synchronized List<Token> tokens() {
        return List.copyOf(tokens.values());
    }

    synchronized int made() {
        return made;
    }

    synchronized List<CompletableFuture<?>> hanging() {
        return List.copyOf(hanging);
    }

    synchronized Token add(String description) {
        made++;
        String id = "token-" + made;
        var token = new Token(id, "another", description, NewToken.CI_TOKEN_ROLE, NewToken.ACCESS, null);
        tokens.put(id, token);
        return token;
    }

    int calls(Call call) {
        return calls.get(call).get();
    }

    int calls() {
        return calls.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    Organization organization() {
        return organization;
    }

    QwietClient client() {
        return client(new Machine());
    }

    QwietClient client(Machine machine) {
        return new Client(machine);
    }

    private synchronized MintedToken create(NewToken token) {
        made++;
        String id = "token-" + made;
        var expiry = clock.instant().plus(token.validFor());
        tokens.put(
                id, new Token(id, token.label(), token.description(), NewToken.CI_TOKEN_ROLE, NewToken.ACCESS, expiry));
        return new MintedToken(id, SecretText.of(VALUE + made), namesAnEnd ? End.at(expiry) : End.NEVER);
    }

    private <T> CompletableFuture<Outcome<T>> call(Call call, Machine machine, Supplier<T> doing) {
        return call(call, machine, doing, null);
    }

    private synchronized <T> CompletableFuture<Outcome<T>> call(
            Call call, Machine machine, Supplier<T> doing, String id) {
        if (machine.hasStopped()) {
            return new CompletableFuture<>();
        }
        calls.get(call).incrementAndGet();
        Turn turn = script.get(call).isEmpty()
                ? alwaysOf.getOrDefault(call, always)
                : script.get(call).poll();
        turn = outage ? Turn.LOST : poisoned.getOrDefault(id, turn);
        return switch (turn) {
            case SOUND -> now(new Outcome.Done<>(doing.get()));
            case NOT_SENT -> now(new Outcome.NotSent<>("Connection refused.", null));
            case UNAUTHORIZED -> now(new Outcome.Refused<>(401, "UNAUTHORIZED", "Who are you?", List.of()));
            case FORBIDDEN -> now(new Outcome.Refused<>(403, "FORBIDDEN", "You may not.", List.of()));
            case INVALID -> now(new Outcome.Refused<>(400, "INVALID", "No.", List.of("label: too long")));
            case CONFLICT -> now(new Outcome.Refused<>(409, "CONFLICT", "Not now.", List.of()));
            case GONE -> now(new Outcome.Refused<>(410, "GONE", "No more.", List.of()));
            case RETRY_LATER -> now(new Outcome.NotSent<>("Qwiet said 429.", later));
            case DOUBLED -> {
                doing.get();
                yield now(new Outcome.Done<>(doing.get()));
            }
            case LOST -> now(new Outcome.Unsure<>("No answer within 30 s."));
            case ANSWER_LOST -> {
                doing.get();
                yield now(new Outcome.Unsure<>("The connection was cut."));
            }
            case LATE -> {
                late.add(doing::get);
                yield now(new Outcome.Unsure<>("No answer within 30 s."));
            }
            case HANGS -> hang();
            case DONE_AND_HANGS -> {
                doing.get();
                yield hang();
            }
            case BREAKS -> CompletableFuture.failedFuture(new IllegalStateException("scripted"));
            case THROWS -> throw new IllegalStateException("scripted");
            case MACHINE_STOPS_BEFORE -> {
                machine.stop();
                yield new CompletableFuture<>();
            }
            case MACHINE_STOPS_AFTER -> {
                doing.get();
                machine.stop();
                yield new CompletableFuture<>();
            }
        };
    }

    private <T> CompletableFuture<T> hang() {
        var never = new CompletableFuture<T>();
        hanging.add(never);
        return never;
    }

    private static <T> CompletableFuture<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private final class Client implements QwietClient {
        private final Machine machine;

        Client(Machine machine) {
            this.machine = machine;
        }

        @Override
        public Organization organization() {
            return organization;
        }

        @Override
        public ServerClock clock() {
            return OnOtherTime.told(clock, System::nanoTime);
        }

        @Override
        public CompletableFuture<Outcome<MintedToken>> create(NewToken token) {
            return call(Call.CREATE, machine, () -> ScriptedQwiet.this.create(token));
        }

        @Override
        public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
            return call(Call.LIST, machine, () -> {
                tokens.values().stream()
                        .filter(token -> !unlisted.contains(token.id()))
                        .forEach(each);
                stillListed.values().forEach(each);
                return new Listed(tokens.size(), whole);
            });
        }

        @Override
        public CompletableFuture<Outcome<Boolean>> delete(String tokenId) {
            return call(Call.DELETE, machine, () -> tokens.remove(tokenId) != null, tokenId);
        }

        @Override
        public CompletableFuture<Outcome<Set<String>>> myScopes() {
            throw new UnsupportedOperationException();
        }
    }
}
