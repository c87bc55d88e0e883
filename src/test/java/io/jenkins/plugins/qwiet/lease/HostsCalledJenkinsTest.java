package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Jenkins behind a network load balancer of AWS, whose name ends with 16 hexadecimal digits. */
@ExtendWith(QuietLeases.class)
class HostsCalledJenkinsTest {
    private final FakeClock clock = new FakeClock(Leases.TEN.minus(Looks.APART));
    private final ScriptedQwiet qwiet = new ScriptedQwiet(clock);

    @TempDir
    Path directory;

    /** Forms of ChangedDescriptionsTest and ForeignMarksTest; "jenkins.example" is the control. */
    @ParameterizedTest
    @CsvSource({
        "NO MARKER, jenkins.example, ''",
        "NO MARKER, jenkins-7c3a5e9d1b2f4a60.elb.us-east-1.amazonaws.com, ''",
        "NO BRACKET, jenkins-7c3a5e9d1b2f4a60.elb.us-east-1.amazonaws.com, ''",
        "HTML, jenkins-7c3a5e9d1b2f4a60.elb.us-east-1.amazonaws.com, ''",
        "HTML twice, jenkins.example, ''",
        "HTML twice, jenkins-7c3a5e9d1b2f4a60.elb.us-east-1.amazonaws.com, ''",
        "first letter in upper case, jenkins.example, ''",
        "first letter in upper case, jenkins-7c3a5e9d1b2f4a60.elb.us-east-1.amazonaws.com, ''",
    })
    void ourLostTokenIsRevoked(String form, String host, String text) throws Exception {
        LeaseStore store = Leases.store(directory.resolve("leases"), clock, FaultyDisk.sound());
        var leasing = new Leasing(store, clock, Leases.nonces());
        Optional<QwietClient> client = Optional.of(qwiet.client());
        var janitor = new Janitor(leasing, lease -> client, lease -> false, clock, 4);
        clock.advance(Looks.APART);
        store.put(Leases.intentOf(Leases.liveIn(qwiet, 1, "shop#1", clock)));
        qwiet.expire("token-1");
        Token lost = qwiet.add(OthersInOtherFormsTest.changed(
                TokenDescription.describe(text, "https://" + host + "/job/shop/1/", Leases.nonce(1)), form));
        for (int i = 0; i < 40; i++) {
            janitor.sweep().join();
            clock.advance(Duration.ofMinutes(2));
        }
        assertThat(qwiet.tokens()).as(lost.description()).isEmpty();
    }
}
