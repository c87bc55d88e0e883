package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.time.Duration;
import java.util.Map;
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

    private Outcome<Listed> listWithHeader(String header, String beside) {
        String[] parts = header.split(": ", 2);
        qwiet.says(query -> new Canned.Answer(
                200,
                "{\"ok\":true,\"response\":" + (query.isEmpty() ? "[\"tokens:list\"]" : "[{\"id\":\"a\"}]") + "}",
                Map.of(parts[0], query.isEmpty() ? beside : parts[1])));
        return qwiet.client().list(ListQuery.LIVE, token -> {}).join();
    }

    /** One about pages that nobody knows, but that is there also where nothing is listed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Page-Build: 3f2a",
                "X-Page-Generator: gw7",
                "X-Pager: on",
                "X-Pagination-Version: v2",
                "X-Page-Theme: dark",
                "X-Page: tokens",
                "X-Page: gateway.html",
                "X-Page-Meta: {\"lang\":\"en\"}",
                "X-Page-Meta: {lang"
            })
    void aHeaderInEachAnswer(String header) {
        assertThat(listWithHeader(header, header.split(": ", 2)[1])).isEqualTo(new Outcome.Done<>(new Listed(1, true)));
    }

    /** Then it is about the list. */
    @ParameterizedTest
    @ValueSource(strings = {"X-Paged: 1/250", "X-Page-Build: 3f2a", "X-Page-Meta: {\"of\":\"250\"}"})
    void aHeaderThatIsAnotherBesideAList(String header) {
        assertThat(listWithHeader(header, "1/1")).isEqualTo(new Outcome.Done<>(new Listed(1, false)));
    }

    /** As .NET sends it with each list: it says in so many words that this is all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Pagination: {\"TotalCount\":1,\"PageSize\":100,\"CurrentPage\":1,\"TotalPages\":1,\"HasNext\":false}",
                "X-Pagination: {\"totalCount\":1,\"previousPageLink\":null,\"nextPageLink\":\"\"}",
                "X-Page-Info: {\"has_next_page\":false}"
            })
    void aHeaderInJsonThatSaysThatThisIsAll(String header) {
        assertThat(listWithHeader(header, "{}")).isEqualTo(new Outcome.Done<>(new Listed(1, true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Pagination: {\"TotalCount\":3,\"PageSize\":1,\"CurrentPage\":1}",
                "X-Pagination: {\"TotalPages\":3}",
                "X-Pagination: {\"HasNext\":true}",
                "X-Page-Info: {\"end_cursor\":\"abc\"}",
                "X-Page-Info: {\"has_next_page\":fal"
            })
    void aHeaderInJsonThatSaysThatThereIsMore(String header) {
        assertThat(listWithHeader(header, "{}")).isEqualTo(new Outcome.Done<>(new Listed(1, false)));
    }
}
