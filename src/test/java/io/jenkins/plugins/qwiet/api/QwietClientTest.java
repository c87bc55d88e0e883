package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.QwietClient.Listing;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.fake.RecordedRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, and what becomes of it, when all is well. */
class QwietClientTest {
    @RegisterExtension
    private final OverFake over = new OverFake();

    private final QwietClient client = over.client();

    private RecordedRequest onlyRequest() {
        assertThat(over.fake.requests()).hasSize(1);
        return over.fake.requests().get(0);
    }

    private String path(String what) {
        return "/api/v4/orgs/" + over.organization.id() + "/" + what;
    }

    @Test
    void createsExactlyWhatIsAsked() {
        var made = client.create(new NewToken("my \"label\"", "why …", Duration.ofMinutes(10)))
                .join();

        FakeToken token = over.organization.liveTokens().get(0);
        assertThat(made)
                .isEqualTo(new Done<>(new MintedToken(
                        token.id(),
                        SecretText.of(token.value()),
                        End.at(Instant.parse("2026-08-03T10:10:00Z")),
                        "why …")));
        assertThat(onlyRequest().method()).isEqualTo("POST");
        assertThat(onlyRequest().path()).isEqualTo(path("tokens"));
        assertThat(onlyRequest().query()).isEmpty();
        assertThat(onlyRequest().body())
                .isEqualTo("{\"label\":\"my \\\"label\\\"\",\"description\":\"why …\","
                        + "\"role_id\":\"66ad5168-41be-4b6c-9ac5-a30b02229c35\",\"token_type\":\"access\","
                        + "\"valid_for_seconds\":600}");
        assertThat(onlyRequest().headers())
                .containsEntry("authorization", "Bearer " + over.organization.serviceAccount())
                .containsEntry("content-type", "application/json")
                .containsEntry("accept", "application/json")
                .containsEntry("user-agent", "qwiet-ci-token/test");
    }

    @Test
    void listsEveryTokenInItsOrder() {
        Instant expiry = Instant.parse("2026-09-01T00:00:00Z");
        for (int i = 0; i < 1000; i++) {
            over.organization.add("label " + i, "description", i % 2 == 0 ? expiry : null, "access");
        }
        over.organization.add("Jira", "", null, "integration");
        var listed = new ArrayList<Token>();
        assertThat(client.list(ListQuery.LIVE, listed::add).join()).isEqualTo(new Done<>(new Listed(1000, true)));
        assertThat(listed)
                .extracting(Token::label)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1000).mapToObj(i -> "label " + i).toList());
        FakeToken first = over.organization.tokens().get(0);
        assertThat(listed.get(0))
                .isEqualTo(new Token(
                        first.id(), "label 0", "description", NewToken.CI_TOKEN_ROLE, NewToken.ACCESS, expiry));
        assertThat(listed.get(1).expiresAt()).isNull();
        assertThat(onlyRequest().method()).isEqualTo("GET");
        assertThat(onlyRequest().path()).isEqualTo(path("tokens"));
        assertThat(onlyRequest().query()).isEqualTo("show_expired=false&token_type=access");
    }

    @Test
    void listsExpiredTokensAndIntegrationsOnRequest() {
        over.organization.add("over", "", over.clock.instant(), "access");
        over.organization.add("Jira", "", null, "integration");
        var listed = new ArrayList<Token>();
        client.list(new ListQuery(true, true), listed::add).join();
        assertThat(listed).extracting(Token::label).containsExactly("over", "Jira");
        assertThat(onlyRequest().query()).isEqualTo("show_expired=true");
    }

    @Test
    void deletesOnce() {
        String id = over.organization.add("x", "", null, "access").id();
        assertThat(client.delete(id).join()).isEqualTo(new Done<>(true));
        assertThat(onlyRequest().method()).isEqualTo("DELETE");
        assertThat(onlyRequest().path()).isEqualTo(path("tokens/" + id));
        assertThat(over.organization.tokens()).isEmpty();
        assertThat(client.delete(id).join()).isEqualTo(new Done<>(false));
    }

    @Test
    void asksForItsScopes() {
        assertThat(client.myScopes().join())
                .isEqualTo(new Done<>(Set.of("tokens:create", "tokens:list", "tokens:delete")));
        assertThat(onlyRequest().method()).isEqualTo("GET");
        assertThat(onlyRequest().path()).isEqualTo(path("my_scopes"));
    }

    @Test
    void handsOnWhatQwietFindsInvalid() {
        var refused =
                (Refused<?>) client.create(new NewToken(" ", "", Duration.ZERO)).join();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("VALIDATION_FAILED");
        assertThat(refused.validationErrors()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok", "response", "id", "value"})
    void doesNotBelieveACreationWithout(String field) {
        over.fake.fault(Fault.missingField(Operation.CREATE, field));
        assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Unsure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok", "response", "id"})
    void doesNotBelieveAListWithout(String field) {
        over.organization.add("x", "", null, "access");
        over.fake.fault(Fault.missingField(Operation.LIST, field));
        assertThat(client.list(ListQuery.LIVE, token -> {}).join()).isInstanceOf(Unsure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"label", "description", "role_id", "token_type", "expires_at"})
    void livesWithoutWhatIsOptional(String field) {
        over.organization.add("x", "y", over.clock.instant().plusSeconds(1), "access");
        over.fake.fault(Fault.missingField(Operation.LIST, field));
        assertThat(client.list(ListQuery.LIVE, token -> {}).join()).isEqualTo(new Done<>(new Listed(1, true)));
        over.fake.fault(Fault.missingField(Operation.CREATE, field));
        assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
    }

    @Test
    void startsAListAgainOnARetry() {
        over.organization.add("x", "", null, "access");
        over.fake.fault(Fault.tooManyRequests(Operation.LIST, "1"));
        var events = new ArrayList<String>();
        client.list(ListQuery.LIVE, new Listing() {
                    @Override
                    public void restart() {
                        events.add("restart");
                    }

                    @Override
                    public void accept(Token token) {
                        events.add(token.label());
                    }
                })
                .join();
        assertThat(events).containsExactly("restart", "restart", "x");
    }

    /** A million tokens, made as they are read: a reader that kept them, or read ahead, would not pass. */
    @Test
    void keepsNoTokenOfALongList() throws IOException {
        var made = new int[1];
        var seen = new int[1];
        Stream<String> tokens = IntStream.range(0, 1_000_000).mapToObj(i -> {
            made[0]++;
            return (i == 0 ? "" : ",") + "{\"id\":\"" + i + "\",\"label\":\"x\",\"unknown\":[{}]}";
        });
        Stream<String> list =
                Stream.concat(Stream.of("{\"response\":["), Stream.concat(tokens, Stream.of("],\"ok\":true}")));
        Listed listed = ResponseBodies.tokens(new SequenceInputStream(streams(list.iterator())), token -> {
            assertThat(token.id()).isEqualTo(String.valueOf(seen[0]));
            seen[0]++;
            assertThat(made[0] - seen[0]).isLessThan(1000);
        });
        assertThat(listed).isEqualTo(new Listed(1_000_000, true));
    }

    private static Enumeration<InputStream> streams(Iterator<String> parts) {
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(parts.next().getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    @Test
    void readsTheDatesThatServersSend() throws IOException {
        var expiries = new ArrayList<Instant>();
        String list = "{\"ok\":true,\"response\":["
                + String.join(
                        ",",
                        List.of(
                                "{\"id\":\"a\",\"expires_at\":\"2026-08-03T12:00:00+02:00\"}",
                                "{\"id\":\"b\",\"expires_at\":\"2026-08-03T10:00:00.5Z\"}",
                                "{\"id\":\"c\",\"expires_at\":\"0001-01-01T00:00:00Z\"}",
                                "{\"id\":\"d\",\"expires_at\":\"\"}",
                                "{\"id\":\"e\",\"expires_at\":null}"))
                + "]}";
        ResponseBodies.tokens(
                new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)),
                token -> expiries.add(token.expiresAt()));
        assertThat(expiries.subList(0, 2))
                .containsExactly(Instant.parse("2026-08-03T10:00:00Z"), Instant.parse("2026-08-03T10:00:00.500Z"));
        assertThat(expiries.subList(2, 5)).isEqualTo(Collections.nCopies(3, null));
    }

    @Test
    void strayBlanksAroundABearerDoNoHarm() {
        String bearer = " " + over.organization.serviceAccount() + "\n";
        assertThat(over.client(over.http, over.fake.address(), bearer)
                        .myScopes()
                        .join())
                .isInstanceOf(Done.class);
    }

    @Test
    void aBearerThatNoHeaderCanCarryIsNotSent() {
        assertThat(over.client(over.http, over.fake.address(), "a\nb")
                        .myScopes()
                        .join())
                .isInstanceOfSatisfying(
                        NotSent.class,
                        notSent -> assertThat(notSent.reason()).contains("characters that no token has"));
        assertThat(over.fake.calls(Operation.ANY)).isZero();
    }

    @Test
    void sharesConnectionsBetweenClients() {
        var organization = new Organization(
                ApiAddress.parse(over.fake.address()), UUID.randomUUID().toString());
        try (var clients = new QwietClients(Clock.systemUTC())) {
            var stranger = clients.client(ConnectionSettings.defaults(), organization, SecretText.of("no-such-bearer"));
            assertThat(stranger.organization()).isSameAs(organization);
            assertThat(stranger.myScopes().join())
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.code()).isEqualTo("UNAUTHORIZED"));
        }
    }
}
