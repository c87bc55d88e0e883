package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.qwiet.api.CallWatcher.Operation;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The requests exactly as Qwiet's API reference says (v4: CreateToken, ListTokens, DeleteToken, ListMyOrgScopes). */
final class OkHttpQwietClient implements QwietClient {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Texts TEXTS = Texts.of(OkHttpQwietClient.class);

    private final HttpCalls calls;
    private final Retries retries;
    private final Organization organization;
    private final SecretText bearer;
    private final String userAgent;
    private final Patience patience;
    private final boolean patient;

    /** @param patience of all who call that organization with that bearer */
    OkHttpQwietClient(
            HttpCalls calls,
            Retries retries,
            Organization organization,
            SecretText bearer,
            ConnectionSettings settings,
            Patience patience) {
        this(calls, retries, organization, bearer, settings.userAgent(), patience, false);
    }

    private OkHttpQwietClient(
            HttpCalls calls,
            Retries retries,
            Organization organization,
            SecretText bearer,
            String userAgent,
            Patience patience,
            boolean patient) {
        this.calls = calls;
        this.retries = retries;
        this.organization = organization;
        this.bearer = bearer;
        this.userAgent = userAgent;
        this.patience = patience;
        this.patient = patient;
    }

    @Override
    public Duration asksToWait() {
        return patience.left();
    }

    @Override
    public Object caller() {
        return new QwietClients.Caller(organization, bearer);
    }

    @Override
    public QwietClient patient() {
        return patient ? this : new OkHttpQwietClient(calls, retries, organization, bearer, userAgent, patience, true);
    }

    @Override
    public Organization organization() {
        return organization;
    }

    @Override
    public ServerClock clock() {
        return calls.serverClock();
    }

    @Override
    public CompletableFuture<Outcome<MintedToken>> create(NewToken token) {
        return create(token, retry -> {});
    }

    @Override
    public CompletableFuture<Outcome<MintedToken>> create(NewToken token, Consumer<Retry> again) {
        return ask(
                to(url("tokens"), Operation.CREATE).post(RequestBody.create(json(token), JSON)),
                Retries::hadNoEffect,
                again,
                new ResponseReader.Body<>() {
                    @Override
                    public MintedToken read(InputStream json) throws IOException {
                        return ResponseBodies.minted(json, calls.habits());
                    }

                    /** A token that is over as it is made is none: then the end is not what was read. */
                    @Override
                    public MintedToken withResponse(MintedToken minted, Response response) {
                        calls.habits().learn(response.headers());
                        Instant end = minted.end().at();
                        Date date = response.headers().getDate("Date");
                        Instant now = date == null ? clock().now() : date.toInstant();
                        return end == null || end.isAfter(now)
                                ? minted
                                : new MintedToken(minted.id(), minted.value(), End.UNKNOWN, minted.description());
                    }
                });
    }

    @Override
    public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
        var url = url("tokens").newBuilder().addQueryParameter("show_expired", String.valueOf(query.includeExpired()));
        if (!query.includeIntegrations()) {
            url.addQueryParameter("token_type", NewToken.ACCESS);
        }
        // What a cache on the way has kept tells nothing about what was made a moment ago.
        return new ListCall(
                        (page, body) -> ask(
                                to(page, Operation.LIST)
                                        .header("Cache-Control", "no-cache")
                                        .get(),
                                Retries::wasPutOff,
                                each::again,
                                body),
                        url.build(),
                        each,
                        clock(),
                        calls.nanos(),
                        calls.habits(),
                        this::myScopes)
                .begin();
    }

    @Override
    public CompletableFuture<Outcome<Boolean>> delete(String tokenId) {
        if (!TokenIds.areHarmless(tokenId)) {
            // As ".." it would name something else than a token.
            return CompletableFuture.completedFuture(
                    new NotSent<>(TEXTS.get("OkHttpQwietClient.oddId"), null, Cause.OTHER));
        }
        var url = url("tokens").newBuilder().addPathSegment(tokenId).build();
        return ask(to(url, Operation.DELETE).delete(null), Retries::wasPutOff, new ResponseReader.Body<>() {
            private boolean signed;
            private boolean mayBeDone;

            @Override
            public void mayBeDone() {
                mayBeDone = true;
            }

            @Override
            public Boolean read(InputStream json) throws IOException {
                signed = ResponseBodies.deleted(json);
                return true;
            }

            @Override
            public boolean isSigned() {
                return signed;
            }

            @Override
            public Outcome<Boolean> refused(Refused<Boolean> refusal) {
                signed = true;
                return TokenIds.meansGone(refusal, tokenId) ? new Done<>(mayBeDone) : refusal;
            }
        });
    }

    @Override
    public CompletableFuture<Outcome<Set<String>>> myScopes() {
        return myScopes(again -> {});
    }

    @Override
    public CompletableFuture<Outcome<Set<String>>> myScopes(Consumer<Retry> again) {
        return ask(
                to(url("my_scopes"), Operation.SCOPES)
                        .header("Cache-Control", "no-cache")
                        .get(),
                Retries::wasPutOff,
                again,
                new ResponseReader.Body<>() {
                    @Override
                    public Set<String> read(InputStream json) throws IOException {
                        return ResponseBodies.scopes(json, calls.habits());
                    }

                    @Override
                    public Set<String> withResponse(Set<String> scopes, Response response) {
                        if (!scopes.isEmpty() && !scopes.contains("")) {
                            calls.habits().learn(response.headers());
                        }
                        return scopes;
                    }
                });
    }

    private <T> CompletableFuture<Outcome<T>> ask(
            Request.Builder unsigned, Predicate<Outcome<?>> again, ResponseReader.Body<T> body) {
        return ask(unsigned, again, retry -> {}, body);
    }

    private <T> CompletableFuture<Outcome<T>> ask(
            Request.Builder unsigned, Predicate<Outcome<?>> again, Consumer<Retry> told, ResponseReader.Body<T> body) {
        String token = bearer.reveal().strip();
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            // No header can carry it, and OkHttp would throw.
            return CompletableFuture.completedFuture(
                    new NotSent<>(TEXTS.get("OkHttpQwietClient.oddBearer"), null, Cause.CONFIGURATION));
        }
        var request = unsigned.header("Authorization", "Bearer " + token).build();
        Duration wait = patient ? patience.left() : Duration.ZERO;
        if (!retries.canWait(wait)) {
            if (Transport.isIdempotent(request)) {
                return CompletableFuture.completedFuture(new NotSent<>(Patience.askedToWait(), wait, Cause.HELD_BACK));
            }
            wait = Duration.ZERO;
        }
        String call = request.method() + " " + request.url().encodedPath();
        return retries.on(wait, again, told, () -> {
            body.begin();
            return noted(call, calls.send(request, body));
        });
    }

    /** Cancelling it cancels the call. */
    private <T> CompletableFuture<Outcome<T>> noted(String call, CompletableFuture<Outcome<T>> sent) {
        CompletableFuture<Outcome<T>> noted = sent.thenApply(outcome -> {
            patience.answered(call, outcome);
            return outcome;
        });
        noted.whenComplete((outcome, problem) -> {
            if (noted.isCancelled()) {
                sent.cancel(true);
            }
        });
        return noted;
    }

    private static byte[] json(NewToken token) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("label", token.label());
        fields.put("description", token.description());
        fields.put("role_id", NewToken.CI_TOKEN_ROLE);
        fields.put("token_type", NewToken.ACCESS);
        fields.put("valid_for_seconds", token.validFor().toSeconds());
        try {
            return MAPPER.writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers can always be written", e);
        }
    }

    private HttpUrl url(String what) {
        return HttpUrl.get(organization.address().base())
                .newBuilder()
                .addPathSegment("orgs")
                .addPathSegment(organization.orgId())
                .addPathSegment(what)
                .build();
    }

    private Request.Builder to(HttpUrl url, Operation operation) {
        return new Request.Builder()
                .url(url)
                .tag(Operation.class, operation)
                .header("Accept", "application/json")
                .header("User-Agent", userAgent);
    }
}
