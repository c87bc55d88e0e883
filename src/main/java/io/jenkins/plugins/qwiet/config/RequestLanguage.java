package io.jenkins.plugins.qwiet.config;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import io.jenkins.plugins.qwiet.api.Texts;
import org.jvnet.localizer.LocaleProvider;

/**
 * Lets the texts of the rooms that know nothing of Jenkins have the same language as the generated {@code Messages}: that of the
 * browser while a page or a form is answered, else that of Jenkins.
 */
public final class RequestLanguage {
    private RequestLanguage() {}

    /** Called by Jenkins, before anybody sees a form. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void follow() {
        Texts.follow(LocaleProvider::getLocale);
    }
}
