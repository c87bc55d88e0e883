package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway adds fields of its own to every answer. Jenkins learns them, however long it has been running. */
class HabitsTest {
    @RegisterExtension
    final Canned qwiet = new Canned();

    /** docs/promise.md: a sign is no longer one as soon as it "is in responses that list nothing". */
    @ParameterizedTest
    @ValueSource(ints = {5, 250})
    void aNoticeInEveryAnswerIsLearnedAfterManyAnswersToo(int answers) {
        var number = new AtomicInteger();
        qwiet.says(query -> Canned.Answer.json("{\"ok\":true,\"request_id\":\"r-" + number.incrementAndGet()
                + "\",\"response\":{\"id\":\"token-" + number + "\",\"value\":\"v\"}}"));
        QwietClient client = qwiet.client();
        for (int i = 0; i < answers; i++) {
            client.create(new NewToken("label", "", Duration.ofHours(1))).join();
        }

        String notice = "\"request_id\":\"r-0\",\"notice\":\"Planned work on Sunday from two to four\",";
        qwiet.says(query -> Canned.Answer.json(
                "{\"ok\":true," + notice + "\"response\":" + (query.isEmpty() ? "[\"tokens:list\"]" : "[]") + "}"));
        Outcome<Listed> listed = client.list(ListQuery.LIVE, token -> {}).join();

        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(0, true)));
    }
}
