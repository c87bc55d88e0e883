package io.jenkins.plugins.qwiet.mask;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.SecretText;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    @Test
    void hidesEveryFormInAText() {
        Mask mask = Samples.mask("s3cr3t/token");
        assertThat(mask.hide("HTTP 401 for s3cr3t/token, sent as s3cr3t%2Ftoken"))
                .isEqualTo("HTTP 401 for ****, sent as ****");
        assertThat(mask.reveals("s3cr3t%2ftoken")).isTrue();
    }

    @Test
    void leavesATextWithoutSecretAsItIs() {
        String text = "nothing \uD83D\uDE00 here";
        Mask mask = Samples.mask("s3cr3t");
        assertThat(mask.hide(text)).isSameAs(text);
        assertThat(mask.reveals(text)).isFalse();
    }

    @Test
    void isEmptyWithoutSecretsWorthHiding() {
        assertThat(Mask.none().isEmpty()).isTrue();
        assertThat(Mask.of(List.of(), StandardCharsets.UTF_16).isEmpty()).isTrue();
        assertThat(Samples.mask("", "  ").isEmpty()).isTrue();
        assertThat(Samples.mask("s3cr3t").isEmpty()).isFalse();
        assertThat(Mask.none().hide("text")).isEqualTo("text");
        assertThat(Mask.none().reveals("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-32", "US-ASCII", "IBM1047", "ISO-2022-CN"})
    void hidesTextWhateverTheCharsetOfTheLog(String charset) {
        Mask mask = Samples.mask(Charset.forName(charset), "s3cr\u00e9t\uD83D\uDE00x");
        assertThat(mask.hide("\u20ac s3cr\u00e9t\uD83D\uDE00x \u20ac")).isEqualTo("\u20ac **** \u20ac");
    }

    @Test
    void givesTouchingSecretsAMaskEachAndOverlappingOnesOne() {
        Mask mask = Samples.mask("abcdef", "defghi");
        assertThat(mask.hide("abcdefdefghi")).isEqualTo("********");
        assertThat(mask.hide("abcdefghi")).isEqualTo("****");
    }

    @Test
    void saysNothingOfItsSecrets() {
        assertThat(Samples.mask("s3cr3t")).hasToString("Mask");
        assertThat(Mask.none()).hasToString("Mask of nothing");
    }

    @Test
    void takesTheSameSecretTwice() {
        Mask mask = Mask.of(List.of(SecretText.of("s3cr3t"), SecretText.of("s3cr3t")), StandardCharsets.UTF_8);
        assertThat(mask.hide("s3cr3ts3cr3t")).isEqualTo("********");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16"})
    void hidesOtherSecretsAfterwardsAndNoOlderOnes(String charset) {
        Mask mask = Samples.mask(Charset.forName(charset), "first!", "second!")
                .with(List.of(SecretText.of("second!"), SecretText.of("third!")));
        assertThat(mask.hide("first! second! third!")).isEqualTo("first! **** ****");
        assertThat(mask.with(List.of()).hide("first! second!")).isEqualTo("first! second!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "IBM1047"})
    void saysWhichSecretsStandInAText(String charset) {
        String first = Samples.jwt(1);
        String second = Samples.jwt(2);
        Mask mask = Samples.mask(Charset.forName(charset), first, second, Samples.jwt(3));
        byte[] basic = ("user:" + second).getBytes(StandardCharsets.UTF_8);

        assertThat(mask.revealedBy("a line\n")).isEmpty();
        assertThat(Mask.none().revealedBy(first)).isEmpty();
        assertThat(mask.revealedBy("T=" + first + "\n")).containsExactly(SecretText.of(first));
        assertThat(mask.revealedBy(first + second))
                .containsExactlyInAnyOrder(SecretText.of(first), SecretText.of(second));
        assertThat(mask.revealedBy(Base64.getMimeEncoder().encodeToString(basic)))
                .containsExactly(SecretText.of(second));
        assertThat(mask.revealedBy(HexFormat.ofDelimiter(" ").formatHex(basic))).containsExactly(SecretText.of(second));
    }

    @Test
    void saysOfEachSecretThatAnotherContainsThatItStandsThere() {
        Mask mask = Samples.mask("s3cr3t", "s3cr3t-and-more", "and-more", "else");
        assertThat(mask.revealedBy("<s3cr3t-and-more>"))
                .extracting(SecretText::reveal)
                .containsExactlyInAnyOrder("s3cr3t", "s3cr3t-and-more", "and-more");
        assertThat(mask.revealedBy("<s3cr3t>")).extracting(SecretText::reveal).containsExactly("s3cr3t");
    }

    /** Two that share forms, such as a signature: whichever is no longer hidden, it is the other one that stands there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void saysNothingOfASecretThatItNoLongerHides(int kept) {
        String token = Samples.jwt(1);
        String same = Samples.jwt(2).replaceFirst("[^.]*$", "") + token.substring(token.lastIndexOf('.') + 1);
        List<SecretText> both = List.of(SecretText.of(token), SecretText.of(same));
        Mask mask = Mask.of(both, StandardCharsets.UTF_8);
        assertThat(mask.revealedBy(token)).containsExactlyInAnyOrderElementsOf(both);

        assertThat(mask.with(List.of(both.get(kept))).revealedBy(token)).containsExactly(both.get(kept));
    }
}
