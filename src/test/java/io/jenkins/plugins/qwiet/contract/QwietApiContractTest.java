package io.jenkins.plugins.qwiet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.fake.RecordedRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the client sends and what {@link FakeQwiet} answers, held against {@code qwiet-api.yml}. */
class QwietApiContractTest {
    private static final OpenApiInteractionValidator API = OpenApiInteractionValidator.createFor(
                    "/io/jenkins/plugins/qwiet/fake/qwiet-api.yml")
            .build();
    private static final NewToken TOKEN = new NewToken("label", "description", Duration.ofHours(1));

    private final FakeQwiet fake = FakeQwiet.start();
    private final QwietClients clients = new QwietClients(Clock.systemUTC());
    private final QwietClient client =
            client(fake.organization().id(), fake.organization().serviceAccount());

    @AfterEach
    void close() {
        clients.close();
        fake.close();
    }

    private QwietClient client(String orgId, String bearer) {
        var organization = new Organization(ApiAddress.parse(fake.address()), orgId);
        return clients.client(ConnectionSettings.defaults(), organization, SecretText.of(bearer));
    }

    @Test
    void createKeepsTheContract() {
        assertThat(client.create(TOKEN).join()).isInstanceOf(Outcome.Done.class);
        assertThatLastCallKeepsTheContract(200);
    }

    @Test
    void listKeepsTheContract() {
        fake.organization().add("for ever", "", null, "access");
        fake.organization().add("Jira", "", Instant.now(), "integration");
        client.list(new ListQuery(true, true), token -> {}).join();
        assertThatLastCallKeepsTheContract(200);
        client.list(ListQuery.LIVE, token -> {}).join();
        assertThatLastCallKeepsTheContract(200);
    }

    @Test
    void deleteKeepsTheContract() {
        String id = fake.organization().add("x", "", null, "access").id();
        client.delete(id).join();
        assertThatLastCallKeepsTheContract(200);
        client.delete(id).join();
        assertThatLastCallKeepsTheContract(404);
    }

    @Test
    void myScopesKeepsTheContract() {
        client.myScopes().join();
        assertThatLastCallKeepsTheContract(200);
    }

    @Test
    void failuresKeepTheContract() {
        String tokenId = UUID.randomUUID().toString();
        var powerless = client(fake.organization().id(), fake.organization().serviceAccount("apps:list"));
        powerless.create(TOKEN).join();
        assertThatLastCallKeepsTheContract(403);
        powerless.list(ListQuery.LIVE, token -> {}).join();
        assertThatLastCallKeepsTheContract(403);
        powerless.delete(tokenId).join();
        assertThatLastCallKeepsTheContract(403);
        client(fake.organization().id(), "stranger").myScopes().join();
        assertThatLastCallKeepsTheContract(401);
        client(UUID.randomUUID().toString(), fake.organization().serviceAccount())
                .myScopes()
                .join();
        assertThatLastCallKeepsTheContract(404);
        fake.fault(Fault.status(Operation.CREATE, 409, "CONFLICT", "There is one already", "label: taken"));
        client.create(TOKEN).join();
        assertThatLastCallKeepsTheContract(409);
        fake.fault(Fault.errorAfter(Operation.CREATE, 500));
        client.create(TOKEN).join();
        assertThatLastCallKeepsTheContract(500);
    }

    @Test
    void refusalOfAnInvalidRequestKeepsTheContract() {
        client.create(new NewToken(" ", "", Duration.ofHours(1))).join();
        assertThatAnswerKeepsTheContract(last(400));
    }

    /** Otherwise a description that fits everything would pass for a good one. */
    @Test
    void theContractIsStrict() {
        var unknownField = request(new RecordedRequest(
                "POST",
                "/api/v4/orgs/" + fake.organization().id() + "/tokens",
                "",
                Map.of("authorization", "Bearer x", "content-type", "application/json"),
                "{\"label\":\"x\",\"role_id\":\"66ad5168-41be-4b6c-9ac5-a30b02229c35\",\"token_type\":\"access\",\"ttl\":1}",
                200,
                ""));
        assertThat(API.validateRequest(unknownField).hasErrors()).isTrue();
        assertThat(API.validateResponse(
                                "/api/v4/orgs/" + fake.organization().id() + "/tokens",
                                Request.Method.POST,
                                SimpleResponse.Builder.ok()
                                        .withContentType("application/json")
                                        .withBody("{\"ok\":true,\"response\":{}}")
                                        .build())
                        .hasErrors())
                .isTrue();
    }

    private RecordedRequest last(int status) {
        var calls = fake.requests();
        var last = calls.get(calls.size() - 1);
        assertThat(last.status()).isEqualTo(status);
        return last;
    }

    private void assertThatLastCallKeepsTheContract(int status) {
        var call = last(status);
        assertThat(API.validateRequest(request(call)).getMessages())
                .extracting(ValidationReport.Message::getMessage)
                .isEmpty();
        assertThatAnswerKeepsTheContract(call);
    }

    private static void assertThatAnswerKeepsTheContract(RecordedRequest call) {
        var answer = SimpleResponse.Builder.status(call.status())
                .withContentType("application/json")
                .withBody(call.answer())
                .build();
        assertThat(API.validateResponse(call.path(), Request.Method.valueOf(call.method()), answer)
                        .getMessages())
                .extracting(ValidationReport.Message::getMessage)
                .isEmpty();
    }

    private static SimpleRequest request(RecordedRequest call) {
        var request = new SimpleRequest.Builder(call.method(), call.path());
        call.headers().forEach(request::withHeader);
        for (String pair : call.query().isEmpty() ? new String[0] : call.query().split("&")) {
            String[] parts = pair.split("=", 2);
            request.withQueryParam(parts[0], parts[1]);
        }
        return (call.body().isEmpty() ? request : request.withBody(call.body())).build();
    }
}
