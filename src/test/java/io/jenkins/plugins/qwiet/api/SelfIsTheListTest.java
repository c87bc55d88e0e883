package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Canned.Answer;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two pages; each calls itself by the address of the list, or by one that its own proxy sees; the last page is the one that was asked for. */
class SelfIsTheListTest {
    @RegisterExtension
    private final Canned server = new Canned();

    @ParameterizedTest
    @ValueSource(strings = {"", "\"self\": \"/internal/tokens\",", "\"self\": \"/v4/orgs/" + Canned.ORG + "/tokens\","})
    void aLastPageThatIsThisOneIsNoSign(String self) {
        server.says(query -> query.contains("page=2")
                ? Answer.json("{\"ok\":true,\"response\":[{\"id\":\"b\"}],\"links\":{" + self
                        + "\"first\":\"?page=1\",\"last\":\"?page=2\",\"next\":null}}")
                : Answer.json("{\"ok\":true,\"response\":[{\"id\":\"a\"}],\"links\":{" + self
                        + "\"first\":\"?page=1\",\"last\":\"?page=2\",\"next\":\"?page=2\"}}"));
        assertThat(server.client().list(ListQuery.LIVE, token -> {}).join()).isEqualTo(new Done<>(new Listed(2, true)));
    }
}
