package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Executors;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Audits of a list that a cache on the way had kept from an earlier one. */
class AuditOfKeptListsTest extends WithQwiet {
    private WorkflowRun build(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).get();
    }

    /** A cache gives the list of the first audit again, and says how old it is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenThatWasRevokedSinceAnOldListIsNotSaidToBeActive(boolean caches) throws Exception {
        audited(caches, false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenOfAnotherBuildThatWasRevokedSinceAnOldListIsNotSaidToBeOrphaned(boolean caches) throws Exception {
        audited(caches, true);
    }

    private void audited(boolean caches, boolean another) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpServer cache = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        cache.setExecutor(Executors.newCachedThreadPool());
        byte[][] kept = new byte[1][];
        String[] date = new String[1];
        cache.createContext("/", exchange -> {
            try {
                byte[] body = exchange.getRequestBody().readAllBytes();
                boolean list = exchange.getRequestMethod().equals("GET")
                        && exchange.getRequestURI().getPath().contains("tokens");
                if (list && caches && kept[0] != null) {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.getResponseHeaders().set("Age", "40");
                    exchange.getResponseHeaders().set("X-Cache", "HIT");
                    exchange.getResponseHeaders()
                            .set(
                                    "Date",
                                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                            Instant.now().minusSeconds(40).atZone(ZoneOffset.UTC)));
                    exchange.sendResponseHeaders(200, kept[0].length);
                    exchange.getResponseBody().write(kept[0]);
                    exchange.close();
                    return;
                }
                var request = HttpRequest.newBuilder(URI.create(
                                qwiet.address().replaceFirst("(https?://[^/]+).*", "$1") + exchange.getRequestURI()))
                        .method(
                                exchange.getRequestMethod(),
                                body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
                exchange.getRequestHeaders().forEach((name, values) -> {
                    if (name.equalsIgnoreCase("Authorization") || name.equalsIgnoreCase("Content-Type")) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
                HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                if (list) {
                    kept[0] = answer.body();
                }
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(
                        answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
                if (answer.body().length > 0) exchange.getResponseBody().write(answer.body());
                exchange.close();
            } catch (InterruptedException e) {
                throw new java.io.IOException(e);
            }
        });
        cache.start();
        try {
            String address = qwiet.address()
                    .replaceFirst(
                            "https?://[^/]+",
                            "http://127.0.0.1:" + cache.getAddress().getPort());
            QwietAccount.set(
                    address, qwiet.organization().id(), qwiet.organization().serviceAccount());
            String first = "withQwietCiToken(label: 'scan') { qwietTokenAudit(revoke: false) }\n";
            WorkflowRun run;
            if (another) {
                jenkins.assertBuildStatusSuccess(build(first));
                run = build("qwietTokenAudit(leftByBuild: 'FAIL')");
            } else {
                run = build(first + "qwietTokenAudit(ownTokenLive: 'FAIL')");
            }
            assertThat(qwiet.organization().liveTokens()).isEmpty();
            assertThat(run.getLog()).doesNotContain("STILL ACTIVE").contains(" 0 orphaned");
            assertThat(run.getResult()).isEqualTo(Result.SUCCESS);
        } finally {
            cache.stop(0);
        }
    }
}
