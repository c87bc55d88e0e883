package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Something on the way puts something behind an answer: what Qwiet said before that is readable all the same. */
class BehindTheListTest {
    private static final String BEHIND = "{\"ok\":true,\"response\":";

    @RegisterExtension
    final Canned qwiet = new Canned();

    /** The tokens that are listed are seen; nothing follows from what is absent. */
    @ParameterizedTest
    @ValueSource(
            strings = {"\n<!-- served by gw-7 -->", "\u0000", ";", "<script src=\"/bm.js\"></script>", "}", "garbage"})
    void aListIsReadThoughSomethingStandsBehindIt(String behind) {
        qwiet.says(200, BEHIND + "[{\"id\":\"token-1\",\"label\":\"l\",\"description\":\"d\"}]}" + behind);
        List<String> seen = new ArrayList<>();

        Outcome<Listed> listed = qwiet.client()
                .list(ListQuery.LIVE, token -> seen.add(token.id()))
                .join();

        assertThat(seen).containsExactly("token-1");
        assertThat(listed).isEqualTo(new Outcome.Done<>(new Listed(1, false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n<!-- served by gw-7 -->", "\u0000", ";", "}", "garbage"})
    void aMintIsReadThoughSomethingStandsBehindIt(String behind) {
        qwiet.says(200, BEHIND + "{\"id\":\"token-1\",\"value\":\"v\"}}" + behind);

        assertThat(qwiet.client()
                        .create(new NewToken("l", "d", Duration.ofHours(1)))
                        .join())
                .isInstanceOf(Outcome.Done.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n<!-- served by gw-7 -->", "\u0000", ";", "}", "garbage"})
    void aRevocationIsReadThoughSomethingStandsBehindIt(String behind) {
        qwiet.says(200, "{\"ok\":true}" + behind);

        assertThat(qwiet.client().delete("token-1").join()).isEqualTo(new Outcome.Done<>(true));
    }
}
