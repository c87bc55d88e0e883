package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Qwiet, or a box before it, writes behind a description, cut or not. */
class DecoratedMarksTest extends LostMintsBehindABox {
    private static final String LONG_SIGN =
            "… (shortened by the gateway of the web team, for it was longer than it may be)";

    static List<String> signs() {
        return List.of(
                "",
                "…",
                "...",
                ".",
                ",",
                ";",
                "\"",
                "'",
                "”",
                "»",
                ")",
                "]",
                "}",
                ">",
                "|",
                "!",
                "-",
                "_",
                "~",
                "\\",
                "/",
                " ",
                "\u00a0",
                "\u200b",
                "\n",
                "0",
                "1",
                "42",
                "7f",
                "120",
                "00000000",
                "123456789012345678901234567890",
                "é",
                "x",
                "more",
                "…42",
                " [more]",
                LONG_SIGN,
                " " + "=".repeat(200),
                "120 characters were cut by something on the way",
                "#sha256:0123456789abcdef0123456789abcdef",
                " (sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)");
    }

    /** However much is kept, and whatever comes behind: none that lives is forgotten. */
    @ParameterizedTest
    @MethodSource("signs")
    void noTokenIsForgottenWhateverComesBehindWhatIsKept(String sign) throws Exception {
        for (int kept = 1; kept <= 46; kept++) {
            int length = kept;
            keeps = token -> {
                String whole = token.path("description").asText();
                return token.put("description", whole.substring(0, Math.min(length, whole.length())) + sign);
            };
            world.tokens.clear();
            mint("lost#1");
            world.sweep(45);
            assertThat(world.tokens.isEmpty() || !world.store.leases().isEmpty())
                    .as("%d characters of %s", kept, world.tokens)
                    .isTrue();
            assertThat(world.tokens.isEmpty() || kept < 41)
                    .as("found by its whole mark: %s", world.tokens)
                    .isTrue();
            stop();
            start();
            box();
        }
    }

    /** A mark that merely begins the same is another's: nobody revokes its token, and it ends no lease. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "…", "0", "7f", "123456789012345678901234567890", " -]", "more"})
    void noTokenIsRevokedForAMarkThatMerelyBeginsTheSame(String sign) throws Exception {
        makes = false;
        mint("lost#1");
        String nonce = world.store.leases().get(0).nonce();
        for (int same : new int[] {4, 8, 15, 16, 20, 31}) {
            String rest = "0123456789abcdef0123456789abcdef".substring(same);
            char other = rest.charAt(0) == nonce.charAt(same) ? 'f' : rest.charAt(0);
            String description = "[jenkins:" + nonce.substring(0, same) + other + rest.substring(1) + sign;
            world.tokens.put(
                    "t" + same,
                    world.json
                            .createObjectNode()
                            .put("id", "t" + same)
                            .put("label", "label")
                            .put("description", description));
        }
        world.sweep(45);
        assertThat(world.tokens).hasSize(6);
    }
}
