package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Retry;
import io.jenkins.plugins.qwiet.api.ServerClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Clients of one organization with different service accounts, each of which may be the right one. What Qwiet refuses to
 * one of them for what it is (401, 403, and 404, which is also said of an organization that it does not belong to), the
 * next one tries. If all are refused, the first one's refusal counts: it is of the account that people see.
 */
final class FirstAllowed implements QwietClient {
    private static final Set<Integer> FOR_WHAT_IT_IS = Set.of(401, 403, 404);

    private final List<QwietClient> inTurn;

    private FirstAllowed(List<QwietClient> inTurn) {
        this.inTurn = inTurn;
    }

    /** Empty if there are none. */
    @NonNull
    static Optional<QwietClient> of(@NonNull List<QwietClient> inTurn) {
        return inTurn.size() < 2 ? inTurn.stream().findFirst() : Optional.of(new FirstAllowed(inTurn));
    }

    @Override
    public Organization organization() {
        return inTurn.get(0).organization();
    }

    @Override
    public ServerClock clock() {
        return inTurn.get(0).clock();
    }

    /** Any of them may be the one that is asked in the end. */
    @Override
    public Duration asksToWait() {
        return inTurn.stream()
                .map(QwietClient::asksToWait)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    @Override
    public QwietClient patient() {
        return new FirstAllowed(inTurn.stream().map(QwietClient::patient).toList());
    }

    @Override
    public CompletableFuture<Outcome<MintedToken>> create(NewToken token) {
        return ask(client -> client.create(token));
    }

    @Override
    public CompletableFuture<Outcome<MintedToken>> create(NewToken token, Consumer<Retry> again) {
        return ask(client -> client.create(token, again));
    }

    @Override
    public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
        return ask(client -> {
            each.restart();
            return client.list(query, each);
        });
    }

    @Override
    public CompletableFuture<Outcome<Boolean>> delete(String tokenId) {
        return ask(client -> client.delete(tokenId));
    }

    @Override
    public CompletableFuture<Outcome<Set<String>>> myScopes() {
        return ask(QwietClient::myScopes);
    }

    private <T> CompletableFuture<Outcome<T>> ask(Function<QwietClient, CompletableFuture<Outcome<T>>> call) {
        var answer = new CompletableFuture<Outcome<T>>();
        ask(0, null, call, answer);
        return answer;
    }

    private <T> void ask(
            int index,
            Outcome<T> firstRefusal,
            Function<QwietClient, CompletableFuture<Outcome<T>>> call,
            CompletableFuture<Outcome<T>> answer) {
        CompletableFuture<Outcome<T>> asked = call.apply(inTurn.get(index));
        answer.whenComplete((outcome, thrown) -> {
            if (answer.isCancelled()) {
                asked.cancel(true);
            }
        });
        asked.whenComplete((outcome, thrown) -> {
            if (thrown != null) {
                answer.completeExceptionally(thrown);
            } else if (!isForWhatItIs(outcome)) {
                answer.complete(outcome);
            } else {
                Outcome<T> first = firstRefusal == null ? outcome : firstRefusal;
                if (index + 1 == inTurn.size() || answer.isDone()) {
                    answer.complete(first);
                } else {
                    ask(index + 1, first, call, answer);
                }
            }
        });
    }

    private static boolean isForWhatItIs(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?> refused && FOR_WHAT_IT_IS.contains(refused.status());
    }
}
