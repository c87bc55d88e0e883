package io.jenkins.plugins.qwiet.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link FakeQwiet} by plain HTTP. */
class FakeQwietTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String GOOD =
            "{\"label\":\"x\",\"description\":\"y\",\"role_id\":\"66ad5168-41be-4b6c-9ac5-a30b02229c35\","
                    + "\"token_type\":\"access\",\"valid_for_seconds\":60}";

    private final FakeClock clock = new FakeClock(Instant.parse("2026-08-03T10:00:00Z"));
    private final FakeQwiet fake = FakeQwiet.start(clock);
    private final FakeOrganization organization = fake.organization();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        fake.close();
    }

    private record Reply(int status, JsonNode json) {
        String code() {
            return json.path("code").asText();
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(fake.address() + path)).timeout(SOON);
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return new Reply(answer.statusCode(), MAPPER.readTree(answer.body()));
    }

    private Reply call(String method, String path, String bearer, String body)
            throws IOException, InterruptedException {
        return send(to(path).method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + bearer));
    }

    private Reply call(String method, String what, String body) throws IOException, InterruptedException {
        return call(method, "/orgs/" + organization.id() + "/" + what, organization.serviceAccount(), body);
    }

    @Test
    void letsInOnlyWhomItKnowsAndOnlyWhereTheyBelong() throws Exception {
        FakeOrganization other = fake.addOrganization();
        String tokens = "/orgs/" + organization.id() + "/tokens";
        assertThat(send(to(tokens)).code()).isEqualTo("UNAUTHORIZED");
        assertThat(call("GET", tokens, "stranger", null).status()).isEqualTo(401);
        assertThat(call("GET", tokens, other.serviceAccount(), null).status()).isEqualTo(403);
        assertThat(call("GET", "/orgs/" + UUID.randomUUID() + "/tokens", organization.serviceAccount(), null)
                        .status())
                .isEqualTo(404);
        assertThat(fake.organization(other.id())).isSameAs(other);
    }

    @Test
    void asksForTheScopeOfEachCall() throws Exception {
        String tokens = "/orgs/" + organization.id() + "/tokens";
        String lister = organization.serviceAccount("tokens:list");
        assertThat(call("GET", tokens, lister, null).status()).isEqualTo(200);
        assertThat(call("POST", tokens, lister, GOOD).code()).isEqualTo("FORBIDDEN");
        assertThat(call("DELETE", tokens + "/" + UUID.randomUUID(), lister, null)
                        .status())
                .isEqualTo(403);
        assertThat(call("GET", "/orgs/" + organization.id() + "/my_scopes", lister, null)
                        .json()
                        .path("response")
                        .toString())
                .isEqualTo("[\"tokens:list\"]");
    }

    @Test
    void knowsItsPathsAndMethods() throws Exception {
        assertThat(call("GET", "nothing", null).status()).isEqualTo(404);
        assertThat(call("PUT", "tokens", GOOD).status()).isEqualTo(405);
        assertThat(call("DELETE", "tokens", null).status()).isEqualTo(405);
        assertThat(call("POST", "my_scopes", GOOD).status()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "label | \"label\":\"x\" | \"label\":\" \"",
                "label | \"label\":\"x\", | ``",
                "description | \"description\":\"y\" | \"description\":7",
                "role_id | 66ad5168 | 66ad5169",
                "token_type | access | integration",
                "valid_for_seconds | :60 | :0",
                "valid_for_seconds | :60 | :1.5",
                "valid_for_seconds | :60 | :\"60\"",
                "surprise | \"label\" | \"surprise\":1,\"label\"",
                "body | } | ``",
                "body | {\"label\" | {\"label\":\"a\",\"label\"",
            })
    void refusesWhatIsNotValid(String field, String good, String bad) throws Exception {
        Reply reply = call("POST", "tokens", GOOD.replace(good, bad));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("VALIDATION_FAILED");
        assertThat(reply.json().path("validation_errors").get(0).asText()).startsWith(field + ": ");
        assertThat(organization.tokens()).isEmpty();
    }

    @Test
    void refusesALongLabelAnotherTypeAndAnotherQuery() throws Exception {
        assertThat(call("POST", "tokens", GOOD.replace("\"x\"", "\"" + "x".repeat(1000) + "\""))
                        .status())
                .isEqualTo(200);
        assertThat(call("POST", "tokens", GOOD.replace("\"x\"", "\"" + "x".repeat(1001) + "\""))
                        .status())
                .isEqualTo(400);
        assertThat(send(to("/orgs/" + organization.id() + "/tokens")
                                .header("Authorization", "Bearer " + organization.serviceAccount())
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString(GOOD)))
                        .status())
                .isEqualTo(415);
        assertThat(call("GET", "tokens?show_expired=maybe", null).status()).isEqualTo(400);
        assertThat(call("GET", "tokens?page=2", null).status()).isEqualTo(400);
    }

    @Test
    void showsAValueOnceAndOnly() throws Exception {
        JsonNode made = call("POST", "tokens", GOOD).json().path("response");
        String value = made.path("value").asText();
        assertThat(value).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]{43,}").hasSizeGreaterThan(300);
        assertThat(organization.isLive(value)).isTrue();
        assertThat(made.path("expires_at").asText()).isEqualTo("2026-08-03T10:01:00Z");

        JsonNode listed = call("GET", "tokens", null).json().path("response").get(0);
        assertThat(listed.path("id")).isEqualTo(made.path("id"));
        assertThat(listed.has("value")).isFalse();
        assertThat(organization.minted()).isEqualTo(1);
    }

    @Test
    void endsATokenByTheClockOrByACall() throws Exception {
        String value = call("POST", "tokens", GOOD).json().at("/response/value").asText();
        organization.add("for ever", "", null, "access");
        organization.add("Jira", "", null, "integration");
        String scopes = "/orgs/" + organization.id() + "/my_scopes";
        assertThat(call("GET", scopes, value, null).status()).isEqualTo(200);

        clock.advance(Duration.ofSeconds(60));
        assertThat(organization.isLive(value)).isFalse();
        assertThat(call("GET", scopes, value, null).status()).isEqualTo(401);
        assertThat(labels("tokens")).containsExactly("for ever", "Jira");
        assertThat(labels("tokens?show_expired=true&token_type=access")).containsExactly("x", "for ever");

        FakeToken live = organization.liveTokens().get(0);
        assertThat(call("DELETE", "tokens/" + live.id(), null).json().toString())
                .isEqualTo("{\"ok\":true}");
        assertThat(call("DELETE", "tokens/" + live.id(), null).code()).isEqualTo("NOT_FOUND");
        assertThat(organization.liveTokens()).isEmpty();
        assertThat(organization.tokens()).hasSize(2);
        assertThat(organization.deleted()).isEqualTo(1);
    }

    private List<String> labels(String what) throws IOException, InterruptedException {
        return call("GET", what, null).json().path("response").findValuesAsText("label");
    }

    @Test
    void servesFiveHundredCallsAtOnce() {
        fake.latency(Duration.ofMillis(200));
        Hold hold = fake.hold(Operation.SCOPES);
        var calls = IntStream.range(0, 500)
                .mapToObj(i -> http.sendAsync(
                        to("/orgs/" + organization.id() + "/my_scopes")
                                .header("Authorization", "Bearer " + organization.serviceAccount())
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        BodyHandlers.discarding()))
                .toList();
        hold.awaitArrived(500, Duration.ofSeconds(60));
        hold.release();
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
        assertThat(fake.mostCallsAtOnce()).isEqualTo(500);
        assertThat(fake.calls(Operation.ANY)).isEqualTo(500);
    }

    @Test
    void listsAHundredThousandTokens() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            organization.add("label " + i, "", null, "access");
        }
        assertThat(call("GET", "tokens", null).json().path("response")).hasSize(100_000);
    }

    @Test
    void playsFaultsOnceAlwaysOrByChance() throws Exception {
        fake.fault(Fault.status(Operation.LIST, 500, "A", "a"));
        fake.fault(Fault.status(Operation.ANY, 500, "B", "b"));
        assertThat(call("GET", "my_scopes", null).code()).isEqualTo("B");
        assertThat(call("GET", "my_scopes", null).status()).isEqualTo(200);
        assertThat(call("GET", "tokens", null).code()).isEqualTo("A");

        fake.faultAlways(Fault.status(Operation.LIST, 500, "C", "c"));
        assertThat(call("GET", "tokens", null).code()).isEqualTo("C");
        assertThat(call("GET", "tokens", null).code()).isEqualTo("C");
        fake.clearFaults();
        assertThat(call("GET", "tokens", null).status()).isEqualTo(200);

        fake.faultRandomly(0.5, new Random(1), List.of(Fault.status(Operation.ANY, 500, "D", "d")));
        int failed = 0;
        for (int i = 0; i < 100; i++) {
            failed += call("GET", "tokens", null).status() == 500 ? 1 : 0;
        }
        assertThat(failed).isBetween(30, 70);
    }

    @Test
    void cutsBeforeOrAfterTheWorkIsDone() {
        fake.fault(Fault.cutBefore(Operation.CREATE));
        assertThatThrownBy(() -> call("POST", "tokens", GOOD)).isInstanceOf(IOException.class);
        assertThat(organization.minted()).isZero();

        fake.fault(Fault.cutAfter(Operation.CREATE));
        assertThatThrownBy(() -> call("POST", "tokens", GOOD)).isInstanceOf(IOException.class);
        assertThat(organization.minted()).isEqualTo(1);

        fake.fault(Fault.cutDuringBody(Operation.CREATE));
        assertThatThrownBy(() -> call("POST", "tokens", GOOD)).isInstanceOf(IOException.class);
        assertThat(organization.minted()).isEqualTo(2);
        assertThat(fake.requests()).extracting(RecordedRequest::status).containsExactly(0, 0, 200);
    }

    @Test
    void holdsACallUntilItIsReleased() throws Exception {
        Hold hold = fake.hold(Operation.CREATE);
        var call = http.sendAsync(
                to("/orgs/" + organization.id() + "/tokens")
                        .header("Authorization", "Bearer " + organization.serviceAccount())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(GOOD))
                        .build(),
                BodyHandlers.ofString());
        hold.awaitArrived(SOON);
        assertThat(organization.minted()).isZero();
        assertThat(fake.requests()).isEmpty();
        assertThat(call("GET", "tokens", null).status()).isEqualTo(200);
        hold.release();
        assertThat(call.join().statusCode()).isEqualTo(200);
        assertThat(call("POST", "tokens", GOOD).status()).isEqualTo(200);
    }

    @Test
    void runsAsAProgram() throws Exception {
        var out = new ByteArrayOutputStream();
        var log = new ByteArrayOutputStream();
        String orgId = UUID.randomUUID().toString();
        var options = CommandLine.options(List.of("--org", orgId, "--service-account", "sesame", "--seed", "50"));
        try (var program = CommandLine.start(options, print(out), print(log))) {
            assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly("address=" + program.address(), "organization=" + orgId, "serviceAccount=sesame");
            var list = HttpRequest.newBuilder(URI.create(program.address() + "/orgs/" + orgId + "/tokens"))
                    .header("Authorization", "Bearer sesame")
                    .build();
            assertThat(http.send(list, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            assertThat(log.toString(StandardCharsets.UTF_8).strip())
                    .isEqualTo("GET /api/v4/orgs/" + orgId + "/tokens 200");

            List<FakeToken> live = program.organization().liveTokens();
            assertThat(page(program, "/fake/stats")).isEqualTo("minted=0\nrevoked=0\nlive=" + live.size() + "\n");
            assertThat(page(program, "/fake/tokens"))
                    .contains(live.get(0).id(), "[jenkins:", "never expires")
                    .doesNotContain(live.get(0).value());
        }
        assertThatThrownBy(() -> CommandLine.options(List.of("--what"))).hasMessageContaining("--what");
        assertThat(CommandLine.options(List.of())).isEqualTo(Map.of());
    }

    private String page(FakeQwiet program, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(program.address()).resolve(path));
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    private static PrintStream print(ByteArrayOutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }
}
