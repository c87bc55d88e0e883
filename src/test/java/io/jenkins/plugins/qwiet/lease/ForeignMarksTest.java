package io.jenkins.plugins.qwiet.lease;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As ChangedDescriptionsTest, whose forms these are; a gateway writes behind each description who made it, and when. */
class ForeignMarksTest extends BehindABox {
    @ParameterizedTest
    @ValueSource(
            strings = {"%s", "(API) %s", "HTML", "URL", "JSON", "MARKDOWN", "NO MARKER", "NO BRACKET", "FIRST CHARACTER"
            })
    void theMarkIsFoundBeforeTheNumberOfAnAccount(String form) throws Exception {
        loses(form, " by [jenkins:20261201023012345]");
        world.sweep(40);
        nothingLeft();
    }

    /** Control: a name. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "HTML", "URL", "JSON", "MARKDOWN", "NO MARKER", "NO BRACKET", "FIRST CHARACTER"})
    void theMarkIsFoundBeforeTheNameOfAnAccount(String form) throws Exception {
        loses(form, " by [jenkins:serviceaccount]");
        world.sweep(40);
        nothingLeft();
    }

    private void loses(String form, String behind) {
        losesAnAnswer(text -> changed(text, form) + behind);
    }

    private static String changed(String text, String form) {
        return switch (form) {
            case "HTML" -> text.replace("[", "&#91;").replace(":", "&#58;").replace("]", "&#93;");
            case "URL" -> URLEncoder.encode(text, StandardCharsets.UTF_8);
            case "JSON" -> text.replace("[", "\\u005b").replace(":", "\\u003a");
            case "MARKDOWN" -> text.replace("[", "\\[").replace(":", "\\:");
            case "NO MARKER" -> text.substring(text.indexOf(':') + 1);
            case "NO BRACKET" -> text.substring(1).replace(":", " ");
            case "FIRST CHARACTER" -> text.substring(1);
            default -> form.replace("%s", text);
        };
    }
}
