package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a Qwiet says beside what is needed, a token can be minted, listed and revoked there. */
class DialectTest {
    @RegisterExtension
    private final OverFake over = new OverFake();

    @ParameterizedTest
    @EnumSource
    void aTokenCanBeMintedListedAndRevoked(Dialect dialect) {
        for (int seed = 0; seed < 20; seed++) {
            over.fake.speak(dialect, new Random(seed));
            var minted = over.client().create(OverFake.TOKEN).join();
            assertThat(minted).isInstanceOf(Done.class);
            MintedToken token = ((Done<MintedToken>) minted).value();
            assertThat(over.organization.isLive(token.value().reveal())).isTrue();

            List<Token> seen = new ArrayList<>();
            assertThat(over.client().list(ListQuery.LIVE, seen::add).join()).isEqualTo(new Done<>(new Listed(1, true)));
            assertThat(seen).extracting(Token::id).containsExactly(token.id());
            assertThat(seen).extracting(Token::description).containsExactly(OverFake.TOKEN.description());

            assertThat(over.client().delete(token.id()).join()).isEqualTo(new Done<>(true));
            assertThat(over.client().delete(token.id()).join()).isEqualTo(new Done<>(false));
            assertThat(over.client().list(ListQuery.LIVE, each -> {}).join())
                    .isEqualTo(new Done<>(new Listed(0, true)));
            assertThat(over.organization.liveTokens()).isEmpty();
        }
    }
}
