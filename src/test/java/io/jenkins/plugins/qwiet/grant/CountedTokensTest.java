package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.Gauge;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.util.List;
import jenkins.metrics.api.Metrics;
import org.htmlunit.HttpMethod;
import org.junit.jupiter.api.Test;

/** What the plugin Metrics shows after builds. */
class CountedTokensTest extends OnOneClock {
    private static final String MINTED = "qwiet.mint.success";
    private static final String RENEWED = "qwiet.renewal.success";
    private static final String REVOKED = "qwiet.revocation.success";

    private static long count(String counter) {
        return Metrics.metricRegistry().getCounters().get(counter).getCount();
    }

    private static long calls(String operation) {
        return Metrics.metricRegistry()
                .getTimers()
                .get("qwiet.api." + operation)
                .getCount();
    }

    private static long value(String gauge) {
        return ((Number) ((Gauge<?>) Metrics.metricRegistry().getGauges().get("qwiet.leases." + gauge)).getValue())
                .longValue();
    }

    /** A counter that is to grow by that many. */
    private record Growing(String name, long by, long before) {
        static Growing by(long by, String name) {
            return new Growing(name, by, count(name));
        }

        void hasGrown() {
            // Whoever waits for the work may go on a moment before.
            await().untilAsserted(() -> assertThat(count(name)).as(name).isEqualTo(before + by));
        }
    }

    @Test
    void aBuildThatMintsRenewsAndRevokes() throws Exception {
        var all = List.of(Growing.by(1, MINTED), Growing.by(1, RENEWED), Growing.by(2, REVOKED));
        long created = calls("create");
        long deleted = calls("delete");
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 1200) { semaphore 'PAUSE' }");
        await().untilAsserted(() -> assertThat(value("live")).isEqualTo(1));

        pass(Duration.ofSeconds(801));
        await().until(() -> qwiet.organization().minted() == 2);
        await().until(() -> Renewals.get().isIdle());
        build.goOn(Result.SUCCESS);

        all.forEach(Growing::hasGrown);
        assertThat(calls("create")).isEqualTo(created + 2);
        assertThat(calls("delete")).isGreaterThanOrEqualTo(deleted + 2);
        await().untilAsserted(() -> assertThat(value("live")).isZero());
    }

    @Test
    void aRefusedMint() throws Exception {
        var failed = Growing.by(1, "qwiet.mint.failure.http-403");
        var minted = Growing.by(0, MINTED);
        qwiet.fault(Fault.status(Operation.CREATE, 403, "FORBIDDEN", "not you"));

        build(Result.FAILURE, "withQwietCiToken(label: 'x') { }");

        failed.hasGrown();
        minted.hasGrown();
    }

    @Test
    void aServiceAccountThatIsNotThere() throws Exception {
        var failed = Growing.by(1, "qwiet.mint.failure.configuration");

        build(Result.FAILURE, "withQwietCiToken(label: 'x', credentialsId: 'nobody') { }");

        failed.hasGrown();
    }

    @Test
    void aRenewalThatFailsAndIsTriedAgain() throws Exception {
        var failed = Growing.by(1, "qwiet.renewal.failure.http-5xx");
        var renewed = Growing.by(1, RENEWED);
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 1200) { semaphore 'PAUSE' }");
        qwiet.fault(Fault.status(Operation.CREATE, 500, "BROKEN", "oh"));
        pass(Duration.ofSeconds(801));
        failed.hasGrown();
        await().until(() -> Renewals.get().isIdle());
        pass(Duration.ofSeconds(120));

        renewed.hasGrown();
        build.goOn(Result.SUCCESS);
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void aRevocationThatFailsAndIsDoneByTheJanitor() throws Exception {
        var failed = Growing.by(1, "qwiet.revocation.failure.http-5xx");
        var revoked = Growing.by(1, REVOKED);
        qwiet.fault(Fault.status(Operation.DELETE, 500, "BROKEN", "oh"));

        build(Result.SUCCESS, "withQwietCiToken(label: 'x') { }");
        failed.hasGrown();
        clock.advance(Duration.ofMinutes(5));
        await().untilAsserted(() -> assertThat(value("released")).isEqualTo(1));
        JenkinsLeases.get().janitor().sweepAll().get();

        revoked.hasGrown();
        await().untilAsserted(() -> assertThat(value("released")).isZero());
    }

    @Test
    void countsGoOnWhenSettingsChange() throws Exception {
        var minted = Growing.by(2, MINTED);
        long created = calls("create");
        build(Result.SUCCESS, "withQwietCiToken(label: 'x') { }");
        QwietConfiguration.get().setCallTimeout(6);
        QwietConfiguration.get().save();

        build(Result.SUCCESS, "withQwietCiToken(label: 'x') { }");

        minted.hasGrown();
        assertThat(calls("create")).isEqualTo(created + 2);
    }

    @Test
    void noPageOfMetricsHasATokenOrWhatSomebodyWrote() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        QwietAccount.add(
                jenkins.jenkins, "account-of-a-test", qwiet.organization().serviceAccount());
        build(Result.SUCCESS, "withQwietCiToken(label: 'label-of-a-test', credentialsId: 'account-of-a-test') { }");
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "BROKEN", "word-of-qwiet"));
        build(Result.SUCCESS, "withQwietCiToken(label: 'label-of-a-test') { }");

        for (String page : List.of("metrics", "healthcheck")) {
            String text = Browser.ask(jenkins, "admin", HttpMethod.GET, "metrics/currentUser/" + page)
                    .getContentAsString();
            assertThat(text)
                    .contains("qwiet")
                    .doesNotContain(
                            valueOf("label-of-a-test"),
                            "label-of-a-test",
                            "account-of-a-test",
                            "word-of-qwiet",
                            qwiet.organization().serviceAccount(),
                            qwiet.organization().id(),
                            qwiet.address());
        }
        qwiet.clearFaults();
        JenkinsLeases.get().janitor().sweepAll().get();
    }
}
