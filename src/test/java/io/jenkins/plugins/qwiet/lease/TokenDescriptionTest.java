package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenDescriptionTest {
    private static final String NONCE = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "ffffffffffffffffffffffffffffffff";
    private static final String URL = "https://jenkins.example/job/shop/12/";

    @Test
    void describesAndReadsBack() {
        String description = TokenDescription.describe(" nightly scan ", URL, NONCE);
        assertThat(description).isEqualTo("nightly scan [jenkins:" + NONCE + " " + URL + "]");
        assertThat(TokenDescription.parse(description)).contains(new TokenDescription(URL, NONCE));

        String text = "x".repeat(41);
        String longer = TokenDescription.describe(text, URL, NONCE);
        assertThat(longer).isEqualTo("[jenkins:" + NONCE + " " + URL + "] " + text);
        assertThat(TokenDescription.parse(longer)).contains(new TokenDescription(URL, NONCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "why", "a text of more than forty characters, which comes last", "[jenkins:", "x ]"})
    void givesTheUsersTextAlone(String text) {
        assertThat(TokenDescription.userText(TokenDescription.describe(text, URL, NONCE)))
                .isEqualTo(text);
        assertThat(TokenDescription.userText(text)).isEqualTo(text.equals("[jenkins:") ? "" : text);
    }

    @Test
    void needsNoTextAndNoUrl() {
        assertThat(TokenDescription.parse(TokenDescription.describe("", URL, NONCE)))
                .contains(new TokenDescription(URL, NONCE));
        assertThat(TokenDescription.parse(TokenDescription.describe(null, "", NONCE)))
                .contains(new TokenDescription("", NONCE));
        assertThat(TokenDescription.parse(TokenDescription.describe("see http://a/", "", NONCE)))
                .contains(new TokenDescription("", NONCE));
    }

    @Test
    void aMarkerInTheUsersTextDoesNotCount() {
        String fake = "[jenkins:" + OTHER + " https://evil.example/]";
        assertThat(TokenDescription.parse(TokenDescription.describe(fake, URL, NONCE)))
                .contains(new TokenDescription(URL, NONCE));
        assertThat(TokenDescription.parse(TokenDescription.describe("[jenkins:", URL, NONCE)))
                .contains(new TokenDescription(URL, NONCE));
    }

    @Test
    void isReadBackHoweverMuchIsCut() {
        String whole = TokenDescription.describe("x".repeat(1000), URL, NONCE);
        int marker = "[jenkins:".length() + NONCE.length();
        for (int length = 0; length <= whole.length(); length++) {
            var read = TokenDescription.parse(whole.substring(0, length));
            if (length < marker) {
                assertThat(read).isEmpty();
            } else {
                boolean closed = length > marker + 1 + URL.length();
                assertThat(read).contains(new TokenDescription(closed ? URL : "", NONCE));
            }
        }
    }

    @Test
    void aUrlThatClosesTheMarkerDoesNot() {
        assertThat(TokenDescription.parse(TokenDescription.describe("]", "http://j/job/a]b/1/", NONCE)))
                .contains(new TokenDescription("http://j/job/a%5Db/1/", NONCE));
    }

    @Test
    void aUrlWithBlanksStaysOneWord() {
        assertThat(TokenDescription.parse(TokenDescription.describe("x", "http://j/job/a b/1/", NONCE)))
                .contains(new TokenDescription("http://j/job/a%20b/1/", NONCE));
    }

    @Test
    void survivesWordsThatSomebodyAddsLater() {
        String description = TokenDescription.describe("x", URL, NONCE) + " (checked by Eve)";
        assertThat(TokenDescription.parse(description)).contains(new TokenDescription(URL, NONCE));
    }

    @Test
    void readsBase32() {
        String base32 = "abcdefghijklmnopqrstuvwxyz";
        assertThat(TokenDescription.parse(TokenDescription.describe("", URL, base32)))
                .contains(new TokenDescription(URL, base32));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a token made by hand",
                "[jenkins:",
                "[jenkins:]",
                "[jenkins: ",
                "[jenkins:1234 http://j/]",
                "[jenkins:0123456789ABCDEF0123456789ABCDEF http://j/]",
                "[jenkins:0123456789abcdef0123456789abcde http://j/]",
                "[jenkins:0123456789abcdef 0123456789abcdef http://j/]",
                "[Jenkins:" + NONCE + " http://j/]",
            })
    void trustsNothingElse(String description) {
        assertThat(TokenDescription.parse(description)).isEqualTo(Optional.empty());
    }

    @Test
    void refusesANonceThatCouldBeGuessed() {
        assertThatThrownBy(() -> TokenDescription.describe("", URL, "42")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noncesAreTrustedAndDiffer() {
        Supplier<String> nonces = TokenDescription::newNonce;
        String first = nonces.get();
        assertThat(TokenDescription.isNonce(first)).isTrue();
        assertThat(nonces.get()).isNotEqualTo(first);
    }
}
