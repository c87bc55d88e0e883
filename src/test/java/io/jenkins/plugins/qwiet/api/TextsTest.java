package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a translation of a room's texts does; there is one of a single sentence for this test. */
class TextsTest {
    private static final Locale ESPERANTO = Locale.forLanguageTag("eo");

    private final Locale before = Locale.getDefault();

    @AfterEach
    void giveTheLanguageBack() {
        Locale.setDefault(before);
    }

    private static String noUrl(Texts texts) {
        return texts.get("ApiAddress.noUrl", "https://qwiet.example.com");
    }

    @Test
    void eachTextHasTheLanguageOfItsMoment() {
        var language = new AtomicReference<>(Locale.ENGLISH);
        var texts = Texts.of(ApiAddress.class, language::get);

        assertThat(noUrl(texts)).isEqualTo("This is not a URL. Expected something like https://qwiet.example.com.");
        language.set(Locale.forLanguageTag("eo-DE"));
        assertThat(noUrl(texts)).isEqualTo("Tio ne estas URL. Atendita: https://qwiet.example.com.");
    }

    @Test
    void whatIsNotTranslatedIsEnglish() {
        assertThat(Texts.of(ApiAddress.class, () -> ESPERANTO).get("Patience.askedToWait"))
                .isEqualTo("Qwiet asked to wait before the next request");
    }

    /** There is no file for English: the language of the process must not come in its place. */
    @Test
    void anEnglishBrowserGetsEnglishFromAProcessOfAnotherLanguage() {
        Locale.setDefault(ESPERANTO);

        assertThat(noUrl(Texts.of(ApiAddress.class, () -> Locale.ENGLISH))).startsWith("This is not a URL.");
    }

    @Test
    void aNumberIsWrittenInOneWay() {
        assertThat(Texts.of(ApiAddress.class, () -> Locale.GERMAN).get("HttpCalls.noConnection", "ci", "8080"))
                .isEqualTo("no connection to ci:8080");
    }

    /** Outside of Jenkins, and in a thread that works for no page. */
    @Test
    void byItselfItIsTheLanguageOfTheProcess() {
        Locale.setDefault(ESPERANTO);

        assertThat(noUrl(Texts.of(ApiAddress.class))).startsWith("Tio ne estas URL.");
    }
}
