package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Canned.Answer;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links as servers give them. */
class LinksAsTheyAreTest {
    @RegisterExtension
    private final Canned server = new Canned();

    /** The last page is this one, by what it says of itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"links\": {\"self\": \"?page=1\", \"last\": \"?page=1\"}",
                "\"links\": {\"first\": \"/orgs/" + Canned.ORG
                        + "/tokens?page=1\", \"last\": \"?page=1\", \"next\": null}",
                "\"links\": {\"first\": \"?page=1&size=9\", \"last\": \"?size=9&page=1\", \"next\": null}"
            })
    void aListOfOnePageIsTheWhole(String links) {
        server.says(Answer.json("{\"ok\":true,\"response\":[{\"id\":\"a\"}]," + links + "}"));
        assertThat(server.client().list(ListQuery.LIVE, token -> {}).join()).isEqualTo(new Done<>(new Listed(1, true)));
    }
}
