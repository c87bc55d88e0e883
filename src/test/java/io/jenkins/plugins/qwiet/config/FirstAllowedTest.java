package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.ServerClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which of several service accounts gets a turn, and whose answer counts. */
class FirstAllowedTest {
    private final List<CompletableFuture<Outcome<Boolean>>> asked = new ArrayList<>();

    private QwietClient first(int clients) {
        List<QwietClient> inTurn = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            inTurn.add(new Recording());
        }
        return FirstAllowed.of(inTurn).orElseThrow();
    }

    private static Outcome<Boolean> refused(int status) {
        return new Outcome.Refused<>(status, "NO", "of status " + status, List.of());
    }

    @Test
    void thereIsNoneOfNone() {
        assertThat(FirstAllowed.of(List.of())).isEmpty();
    }

    @Test
    void theNextOneTriesWhatIsRefusedToOneForWhatItIs() {
        for (int status : new int[] {401, 403, 404}) {
            asked.clear();
            var answer = first(3).delete("token");
            asked.get(0).complete(refused(status));
            asked.get(1).complete(new Outcome.Done<>(true));

            assertThat(answer).isCompletedWithValue(new Outcome.Done<>(true));
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void anyOtherAnswerCounts() {
        for (Outcome<Boolean> outcome : List.of(
                refused(409),
                new Outcome.Done<>(false),
                new Outcome.NotSent<Boolean>("no route", null),
                new Outcome.Unsure<Boolean>("HTTP 500"))) {
            asked.clear();
            var answer = first(2).delete("token");
            asked.get(0).complete(outcome);

            assertThat(answer).isCompletedWithValue(outcome);
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void ofNothingButRefusalsTheFirstCounts() {
        var answer = first(2).delete("token");
        asked.get(0).complete(refused(403));
        asked.get(1).complete(refused(401));

        assertThat(answer).isCompletedWithValue(refused(403));
    }

    @Test
    void whatIsCancelledIsCancelledWhereverItIs() {
        var answer = first(2).delete("token");
        asked.get(0).complete(refused(403));
        answer.cancel(true);

        assertThat(asked.get(1)).isCancelled();
    }

    private final class Recording implements QwietClient {
        @Override
        public CompletableFuture<Outcome<Boolean>> delete(String tokenId) {
            var answer = new CompletableFuture<Outcome<Boolean>>();
            asked.add(answer);
            return answer;
        }

        @Override
        public Organization organization() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerClock clock() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Outcome<MintedToken>> create(NewToken token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Outcome<Set<String>>> myScopes() {
            throw new UnsupportedOperationException();
        }
    }
}
