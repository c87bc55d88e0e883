package io.jenkins.plugins.qwiet.grant;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Jenkins and the stand-in for Qwiet share a clock that goes when it is told to. */
abstract class OnOneClock extends OnJenkins {
    final FakeClock clock = new FakeClock(Instant.now());

    @BeforeEach
    final void shareAClock() throws Exception {
        qwiet.close();
        qwiet = FakeQwiet.start(clock);
        QwietAccount.set(qwiet);
        JenkinsLeases.get().setTime(clock);
    }

    @AfterEach
    final void goOnByTheRealOne() {
        JenkinsLeases.get().setTime(null);
    }
}
