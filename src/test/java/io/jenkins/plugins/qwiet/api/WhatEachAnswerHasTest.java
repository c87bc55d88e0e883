package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer has, whatever it lists, says nothing of a list. */
class WhatEachAnswerHasTest {
    @RegisterExtension
    final Canned qwiet = new Canned();

    private Outcome<Listed> listWith(IntFunction<String> inEach) {
        var number = new AtomicInteger();
        qwiet.says(query -> Canned.Answer.json("{\"ok\":true," + inEach.apply(number.incrementAndGet())
                + "\"response\":{\"id\":\"token-" + number + "\",\"value\":\"v\"}}"));
        QwietClient client = qwiet.client();
        for (int i = 0; i < 3; i++) {
            assertThat(client.create(new NewToken("label", "", Duration.ofHours(1)))
                            .join())
                    .isInstanceOf(Outcome.Done.class);
        }
        qwiet.says(query -> Canned.Answer.json("{\"ok\":true," + inEach.apply(number.incrementAndGet())
                + "\"response\":" + (query.isEmpty() ? "[\"tokens:list\"]" : "[]") + "}"));
        return client.list(ListQuery.LIVE, token -> {}).join();
    }

    /** A sentence of a lawyer, or of an operator, in each answer. */
    @ParameterizedTest
    @ValueSource(ints = {150, 250, 5_000})
    void aLongNoticeInEachAnswer(int length) {
        String notice = "Planned work. ".repeat(length / 14 + 1).substring(0, length - 1) + "x";
        assertThat(listWith(n -> "\"motd\":\"" + notice + "\",")).isEqualTo(new Outcome.Done<>(new Listed(0, true)));
    }

    /** What time it was, in each answer, as PHP, Ruby, Java and JavaScript write it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-29 12:50:%02d",
                "2026-11-29T12:50:%02dZ",
                "Sun Nov 29 12:50:%02d UTC 2026",
                "Sun, 29 Nov 2026 12:50:%02d GMT",
                "11/29/2026 12:50:%02d PM"
            })
    void theTimeInEachAnswer(String time) {
        for (String name : new String[] {"served", "processed", "answeredAt", "generated", "asOf", "when"}) {
            assertThat(listWith(n -> "\"" + name + "\":\"" + String.format(time, n) + "\","))
                    .as(name)
                    .isEqualTo(new Outcome.Done<>(new Listed(0, true)));
        }
    }

    /** A gateway of Lua writes an empty list as an empty object. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}"})
    void anEmptyList(String empty) {
        qwiet.says(query -> Canned.Answer.json("{\"ok\":true,\"response\":" + empty + "}"));
        Outcome<Listed> listed =
                qwiet.client().list(ListQuery.LIVE, token -> {}).join();
        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(0, true)));
    }
}
