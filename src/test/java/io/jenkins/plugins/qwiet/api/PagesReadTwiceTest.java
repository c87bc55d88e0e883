package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Canned.Answer;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes in several pages is of several moments: it is believed if nothing moved between them. */
class PagesReadTwiceTest {
    private static final int PAGE = 2;

    @RegisterExtension
    private final Canned server = new Canned();

    /** What Qwiet lists at each call; the last one stays. */
    private final List<List<String>> lists = new ArrayList<>();

    private final List<String> seen = new ArrayList<>();
    private int calls;
    private boolean total;
    /** Whether none but the first page names it. */
    private boolean firstOnly;

    private Outcome<Listed> list() {
        return list(this::page);
    }

    private Outcome<Listed> list(Function<String, Answer> pages) {
        server.says(pages);
        return server.client()
                .list(ListQuery.LIVE, token -> seen.add(token.id()))
                .join();
    }

    private Answer page(String query) {
        List<String> ids = lists.get(Math.min(calls++, lists.size() - 1));
        int from = query.startsWith("from=") ? Integer.parseInt(query.substring(5)) : 0;
        String page = ids.stream()
                .skip(from)
                .limit(PAGE)
                .map(id -> "{\"id\":\"" + id + "\"}")
                .collect(Collectors.joining(","));
        String next = from + PAGE < ids.size() ? ",\"next\":\"?from=" + (from + PAGE) + "\"" : "";
        return Answer.json("{\"ok\":true,\"response\":[" + page + "]"
                + (total && (from == 0 || !firstOnly) ? ",\"total\":" + ids.size() : "") + next + "}");
    }

    @Test
    void oneOfOnePageIsAskedForOnce() {
        lists.add(List.of("a", "b"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(2, true)));
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void whatIsTheSameTwiceIsTheWholeAndIsHandedOverOnce() {
        lists.add(List.of("a", "b", "c"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(3, true)));
        assertThat(seen).containsExactly("a", "b", "c");
        assertThat(server.asked()).hasSize(4);
    }

    /** Between two calls something is deleted, and perhaps something else made, so that a total says nothing of it. */
    @ParameterizedTest
    @CsvSource({
        "a b c d, b c d, abdc, false",
        "a b c d, b c d e, abdec, true",
        "a b c d, e b c d, abcde, true",
        "a b c d e f, c d e f, abefcd, false"
    })
    void whatMovedUpIsMissedOnceAndTheListIsNotTheWhole(
            String before, String after, String seenInAll, boolean namesTotal) {
        total = namesTotal;
        lists.add(List.of(before.split(" ")));
        lists.add(List.of(after.split(" ")));
        assertThat(list())
                .isInstanceOfSatisfying(
                        Done.class,
                        done -> assertThat(((Listed) done.value()).whole()).isFalse());
        assertThat(String.join("", seen)).isEqualTo(seenInAll);
    }

    /** Each page says how many there are; something is deleted, or made, after the first. */
    @ParameterizedTest
    @CsvSource({"a b c d e, b c d e", "a b c d e, n a b c d e", "a b c d e, n a b c d"})
    void aTotalOfAnotherMomentIsNoSignOfACut(String before, String after) {
        total = true;
        lists.add(List.of(before.split(" ")));
        lists.add(List.of(after.split(" ")));
        Listed listed = ((Done<Listed>) list()).value();
        assertThat(listed.whole()).isFalse();
        assertThat(listed.moved()).isTrue();
    }

    /** As of servers that count once: it is of the moment of the first page, and what is deleted afterwards is on none. */
    @ParameterizedTest
    @CsvSource({
        "a b c d e, b c d e, b c d e, b c d e",
        "a b c d e f g, b c d e f g, b c d e f g, b c d e f g",
        "a b c d e, b c d e, b c d e, c d e",
        "a b c d e, b c d e, n b c d e, n b c d e",
    })
    void aTotalOfTheFirstPageAloneMayBeOfAnotherMoment(String first, String second, String third, String fourth) {
        total = true;
        firstOnly = true;
        lists.add(List.of(first.split(" ")));
        lists.add(List.of(second.split(" ")));
        lists.add(List.of(third.split(" ")));
        lists.add(List.of(fourth.split(" ")));
        assertThat(list()).isInstanceOfSatisfying(Done.class, done -> {
            assertThat(((Listed) done.value()).whole()).isFalse();
            assertThat(((Listed) done.value()).moved()).isTrue();
        });
    }

    /** One is on no page, ever; others are deleted and made, so that both readings together have as many as were named. */
    @Test
    void whatNeitherReadingShowsIsCutThoughOthersMove() {
        lists.addAll(List.of(List.of("a", "b", "c", "d"), List.of("b", "c", "d", "e")));
        assertThat(list(query -> {
                    Answer page = page(query);
                    return query.startsWith("from=")
                            ? page
                            : Answer.json(page.body().replace("{\"ok\":true", "{\"ok\":true,\"total\":5"));
                }))
                .isEqualTo(new Done<>(new Listed(5, false)));
        assertThat(server.asked()).hasSize(4);
    }

    /** What each page says of itself and of all, and how many it has; what the last one says is of no earlier moment. */
    @ParameterizedTest
    @CsvSource({
        "'{\"total\": 4}', 2, '{\"total\": 4}', 1, false, 2",
        "'{\"total\": 4}', 2, '{\"total\": 3}', 1, true, 4",
        "'{\"total\": 3}', 2, '{\"total\": 4}', 1, true, 4",
        "'{\"total\": 4}', 2, '{}', 1, false, 4",
        "'{\"total\": 90}', 2, '{\"total\": 1}', 1, false, 4",
        "'{\"count\": 90}', 2, '{\"count\": 1}', 1, false, 4",
        "'{\"count\": 4}', 2, '{\"count\": 3}', 1, true, 4",
        "'{\"count\": 2, \"total\": 4}', 2, '{\"count\": 1, \"total\": 4}', 1, false, 2",
        "'{\"pages\": 3}', 2, '{\"pages\": 2}', 1, true, 4",
        "'{\"pages\": 3}', 2, '{\"pages\": 3}', 1, false, 2",
        "'{\"page\": 1, \"pages\": 3}', 2, '{\"page\": 3, \"pages\": 2}', 1, false, 2",
        "'{\"total\": 4, \"partial\": true}', 2, '{\"total\": 3}', 1, false, 2",
    })
    void whatIsMoreThanWasReadMayHaveMovedIfItWasNoMoreAtOneMoment(
            String first, int onFirst, String second, int onSecond, boolean moved, int calls) {
        Outcome<Listed> list = list(query -> {
            boolean isFirst = query.isEmpty() || !query.startsWith("from=");
            String signs = (isFirst ? first : second).replaceAll("[{}]", "");
            String tokens = IntStream.range(0, isFirst ? onFirst : onSecond)
                    .mapToObj(i -> "{\"id\":\"" + (isFirst ? "f" : "s") + i + "\"}")
                    .collect(Collectors.joining(","));
            return Answer.json("{\"ok\":true,\"response\":[" + tokens + "]" + (signs.isEmpty() ? "" : "," + signs)
                    + (isFirst ? ",\"next\":\"?from=2\"" : "") + "}");
        });
        assertThat(list).isEqualTo(new Done<>(new Listed(3, false, moved)));
        assertThat(server.asked()).hasSize(calls);
    }

    /** Of a page that is not the first: that stays as it was. */
    @Test
    void whatMovedUpBehindTheFirstPageIsNoticedToo() {
        List<String> six = List.of("a", "b", "c", "d", "e", "f");
        lists.addAll(List.of(six, six, List.of("a", "b", "d", "e", "f", "g")));
        assertThat(list()).isEqualTo(new Done<>(new Listed(7, false, true)));
        assertThat(seen).containsExactly("a", "b", "c", "d", "f", "g", "e");
    }

    /** Tokens that are made move others down, to where they are still looked for. */
    @Test
    void whatIsNewIsNoReasonToDoubt() {
        lists.add(List.of("a", "b", "c"));
        lists.add(List.of("a", "b", "c"));
        lists.add(List.of("n", "a", "b", "c"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(4, true)));
        assertThat(seen).containsExactly("a", "b", "c", "n");
    }

    /** Whoever asks must get to know that he is asked to wait, or may not. */
    @ParameterizedTest
    @CsvSource({"401", "403", "429", "500"})
    void whatIsAnsweredToTheSecondReadingIsHandedOn(int status) {
        lists.add(List.of("a", "b", "c"));
        String no = "{\"ok\":false,\"code\":\"NO\",\"message\":\"no more\"}";
        Outcome<Listed> listed =
                list(query -> calls < 2 ? page(query) : new Answer(status, no, Map.of("Retry-After", "3600")));
        assertThat(listed.reason()).contains("no more");
        assertThat(listed.retryAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(seen).containsExactly("a", "b", "c");
    }

    /** Pages by offset of rows that have no order of their own, or one that moves as tokens are used: "d" lives, always. */
    @Test
    void pagesThatRepeatATokenAreNotTheWhole() {
        lists.addAll(List.of(List.of("a", "b", "c"), List.of("d", "b", "a"), List.of("a", "b", "c")));
        lists.add(List.of("d", "b", "a"));
        assertThat(list()).isEqualTo(new Done<>(new Listed(3, false, true)));
        assertThat(server.asked()).hasSize(4);
    }

    /** Also where only the second reading does. */
    @Test
    void pagesThatRepeatATokenTheSecondTimeAreNotTheWhole() {
        lists.addAll(List.of(List.of("a", "b", "c"), List.of("a", "b", "c"), List.of("a", "b", "c", "a")));
        assertThat(list()).isEqualTo(new Done<>(new Listed(3, false, true)));
    }

    /** It is read the first time however long it is; of the second reading only what is new is kept. */
    @Test
    void aGreatFirstPageIsReadTwiceToo() {
        String many = IntStream.range(0, 80_000)
                .mapToObj(i -> "{\"id\":\"token-" + i + "\",\"description\":\"" + "d".repeat(200) + "\"}")
                .collect(Collectors.joining(","));
        assertThat(list(query -> query.startsWith("page=2")
                        ? Answer.json("{\"ok\":true,\"response\":[{\"id\":\"z\"}]}")
                        : Answer.json("{\"ok\":true,\"response\":[" + many + "],\"next\":\"?page=2\"}")))
                .isEqualTo(new Done<>(new Listed(80_001, true)));
    }
}
