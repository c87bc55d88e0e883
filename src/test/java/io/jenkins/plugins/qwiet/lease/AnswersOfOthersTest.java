package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Something on the way gives the answer to one creation to another one: a cache, or a gateway that joins equal calls. */
class AnswersOfOthersTest extends BehindABox {
    private final AtomicReference<byte[]> kept = new AtomicReference<>();

    /** @param passesOn whether Qwiet hears of the later creations */
    private void keepsTheFirstAnswer(boolean passesOn) {
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            if (kept.get() == null) {
                kept.set(answer(request));
            } else if (passesOn) {
                answer(request);
            }
            out.write(kept.get());
            return true;
        };
    }

    private byte[] answer(RawServer.Req request) throws IOException {
        var answer = new ByteArrayOutputStream();
        world.qwiet(request, answer);
        return answer.toByteArray();
    }

    /** No token that a running build holds is revoked by the end of another build. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEndOfOneBuildLeavesTheTokenOfAnotherAlone(boolean passesOn) throws Exception {
        keepsTheFirstAnswer(passesOn);
        var first = (MintResult.Minted) world.mint("shop#1");
        String held = first.lease().tokenId();

        MintResult second = world.mint("shop#2");
        if (second instanceof MintResult.Minted minted) {
            world.leasing.revoke(world.client(), minted.lease()).join();
        }
        world.sweep(30);

        assertThat(world.store.find(first.lease().nonce()))
                .as("lease of the first")
                .isPresent();
        assertThat(world.tokens).as("tokens that live").containsOnlyKeys(held);
    }

    /** A build that gets the token of one that is over has none that works. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenThatIsRevokedIsGivenToNobody(boolean passesOn) throws Exception {
        keepsTheFirstAnswer(passesOn);
        var first = (MintResult.Minted) world.mint("shop#1");
        world.leasing.revoke(world.client(), first.lease()).join();

        MintResult second = world.mint("shop#2");

        assertThat(second).isNotInstanceOf(MintResult.Minted.class);
    }

    /** The answer itself says whose it is. */
    @Test
    void anAnswerWithTheMarkOfAnotherMintIsNotOfThisOne() throws Exception {
        String foreign = "{\"ok\":true,\"response\":{\"id\":\"token-of-another\",\"value\":\"eyJ-another\","
                + "\"label\":\"label\",\"token_type\":\"access\",\"description\":\""
                + TokenDescription.describe(
                        "", "https://elsewhere.example/job/x/7/", "0123456789abcdef0123456789abcdef")
                + "\"}}";
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            answer(request);
            RawServer.send(out, "200 OK", foreign);
            return true;
        };

        MintResult minted = world.mint("shop#1");
        world.buildRuns = false;
        world.sweep(30);

        assertThat(minted).isNotInstanceOf(MintResult.Minted.class);
        nothingLeft();
    }
}
