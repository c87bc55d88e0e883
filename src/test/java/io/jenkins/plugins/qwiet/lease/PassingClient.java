package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.ServerClock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Hands all calls on to another client; for those that are of one's own only in some. */
class PassingClient implements QwietClient {
    final QwietClient real;

    PassingClient(QwietClient real) {
        this.real = real;
    }

    @Override
    public Organization organization() {
        return real.organization();
    }

    @Override
    public ServerClock clock() {
        return real.clock();
    }

    @Override
    public CompletableFuture<Outcome<MintedToken>> create(NewToken token) {
        return real.create(token);
    }

    @Override
    public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
        return real.list(query, each);
    }

    @Override
    public CompletableFuture<Outcome<Boolean>> delete(String tokenId) {
        return real.delete(tokenId);
    }

    @Override
    public CompletableFuture<Outcome<Set<String>>> myScopes() {
        return real.myScopes();
    }
}
