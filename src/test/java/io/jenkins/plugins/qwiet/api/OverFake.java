package io.jenkins.plugins.qwiet.api;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import okhttp3.Call;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For each test a Qwiet of its own, and clients of it whose waits between retries are written down, not waited for. */
final class OverFake implements AfterEachCallback {
    static final NewToken TOKEN = new NewToken("label", "description", Duration.ofHours(1));
    static final RetryLimits LIMITS = new RetryLimits(3, Duration.ofMillis(100), Duration.ofSeconds(60));

    private static final Duration GENEROUS = Duration.ofSeconds(20);

    final FakeClock clock = new FakeClock(Instant.parse("2026-08-03T10:00:00Z"));
    final FakeQwiet fake = FakeQwiet.start(clock);
    final FakeOrganization organization = fake.organization();
    private final OneThread now = new OneThread();
    final RecordedDelays delays = new RecordedDelays();
    final ServerClock serverClock = new ServerClock(clock, System::nanoTime);
    private final Habits habits = new Habits();
    final Transport http = HttpClientFactory.of(settings(GENEROUS));

    static ConnectionSettings settings(Duration callTimeout) {
        return new ConnectionSettings(Duration.ofSeconds(5), callTimeout, null, "qwiet-ci-token/test");
    }

    QwietClient client() {
        return client(http, fake.address());
    }

    QwietClient client(Call.Factory by, String address) {
        return client(by, address, organization.serviceAccount());
    }

    QwietClient client(Call.Factory by, String address, String bearer) {
        var secret = SecretText.of(bearer);
        return new OkHttpQwietClient(
                new HttpCalls(
                        by,
                        new ResponseReader(clock, secret),
                        serverClock,
                        System::nanoTime,
                        now,
                        GENEROUS,
                        habits,
                        CallWatcher.NONE),
                new Retries(LIMITS, System::nanoTime, delays),
                new Organization(ApiAddress.parse(address), organization.id()),
                secret,
                settings(GENEROUS),
                new Patience(System::nanoTime));
    }

    List<Duration> delays() {
        return delays.asked();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        http.close();
        fake.close();
    }
}
