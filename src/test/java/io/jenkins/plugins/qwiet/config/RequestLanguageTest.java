package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Functions;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.net.URL;
import java.util.Locale;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.localizer.LocaleProvider;

/** In which language a form says what is wrong, where the words are of a room that knows nothing of Jenkins. */
class RequestLanguageTest extends WithQwiet {
    private static final LocaleProvider BEFORE = LocaleProvider.getProvider();

    /** As Jenkins itself does when it starts in a servlet container ({@code WebAppMain}), and not in a test. */
    @BeforeAll
    static void followTheBrowser() {
        LocaleProvider.setProvider(new LocaleProvider() {
            @Override
            public Locale get() {
                return Functions.getCurrentLocale();
            }
        });
    }

    @AfterAll
    static void giveTheLanguageBack() {
        LocaleProvider.setProvider(BEFORE);
    }

    private static String errorIn(String language) throws Exception {
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            String form = "descriptorByName/" + QwietConfiguration.class.getName() + "/";
            var request = new WebRequest(
                    new URL(jenkins.getURL(), form + "checkApiAddress?apiAddress=no+URL"), HttpMethod.POST);
            client.addCrumb(request);
            request.setAdditionalHeader("Accept-Language", language);
            return client.loadWebResponse(request).getContentAsString();
        }
    }

    @Test
    void aFormSpeaksTheLanguageOfTheBrowser() throws Exception {
        assertThat(errorIn("eo")).contains("Tio ne estas URL. Atendita: https://app.shiftleft.io/api/v4.");
        assertThat(errorIn("en")).contains("This is not a URL. Expected something like");
        assertThat(errorIn("eo-DE,eo;q=0.9,en;q=0.5")).contains("Tio ne estas URL.");
    }
}
