package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Qwiet, or a box before it, may do to a description beside cutting it. */
class ChangedDescriptionsTest extends BehindABox {
    private static final String LONG =
            "What somebody made by hand, and described at length, so that nothing is cut as short.";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "(API) %s",
                "\"%s\"",
                "\uFEFF%s",
                "\u200B%s",
                "&nbsp;%s",
                "\\%s",
                "<p>%s</p>",
                "CI: %s",
                "jenkins: by a machine. %s",
                "HTML",
                "HEX",
                "URL",
                "url",
                "url twice",
                "MAIL",
                "JSON",
                "MARKDOWN",
                "NO MARKER",
                "NO BRACKET"
            })
    void aTokenIsFoundByANonceThatIsThereWhole(String form) throws Exception {
        byHand("other", LONG);
        loses(form, Integer.MAX_VALUE);
        world.sweep(60);
        assertThat(world.tokens.keySet()).containsExactly("other");
        assertThat(world.store.leases()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "(API) %s, 33",
        "(API) %s, 46",
        "\uFEFF%s, 26",
        "HTML, 36",
        "URL, 33",
        "url, 33",
        "url twice, 39",
        "JSON, 38",
        "<p>%s, 30"
    })
    void aTokenIsFoundByWhatIsLeftBehindAMarker(String form, int kept) throws Exception {
        byHand("other", LONG);
        loses(form, kept);
        world.sweep(60);
        assertThat(world.tokens.keySet()).containsExactly("other");
        assertThat(world.store.leases()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"(API) %s, 30", "(API) %s, 16", "\uFEFF%s, 20", "HTML, 22", "URL, 20"})
    void whatIsLeftOfNoneBehindAMarkerEndsNoLease(String form, int kept) throws Exception {
        loses(form, kept);
        world.sweep(60);
        assertThat(world.tokens).isNotEmpty();
        assertThat(world.store.leases()).isNotEmpty();
    }

    /** A gateway writes before each description who made it. */
    @ParameterizedTest
    @CsvSource({
        "by gateway: ,2000",
        "by jenkins-productionserver: ,2000",
        "by jenkins-productionserver: ,64",
        "by jenkins-continuousintegrationaccount: ,2000",
        "by jenkins-continuousintegrationaccount: ,80",
        "by jenkins: ,2000",
        "by jenkins:,64",
        "by [jenkins:continuousintegrationaccount],2000",
        "by [jenkins:20261201023012345],2000",
        "jenkins-[jenkins,64",
    })
    void theMarkIsFoundBehindTheNameOfAnAccount(String before, int kept) throws Exception {
        loses(before + " %s", kept);
        world.sweep(60);
        nothingLeft();
    }

    /** Whoever may write a description may write the nonce of a neighbour into it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[jenkins:%2$s -] follows %1$s",
                "(API) [jenkins:%2$s -] follows [jenkins:%1$s -]",
                "&#91;jenkins&#58;%2$s -&#93; follows %1$s",
                "[jenkins:%2$shttps://other.example/job/x/7/]again:[jenkins:%1$s-]",
                "rerun %1$s [jenkins:0123456789abcdef0123",
                "rerun %1$s [jenkins:01234567ab",
                "half of it is %3$s",
                "[jenkins:%3$s99 -]"
            })
    void aTokenThatIsMarkedAsAnothersIsLeftAlone(String text) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        world.mint();
        String nonce = world.store.leases().get(0).nonce();
        byHand("other", text.formatted(nonce, "0123456789abcdef0123456789abcdef", nonce.substring(0, 20)));
        world.sweep(60);
        assertThat(world.tokens.keySet()).containsExactly("other");
        assertThat(world.store.leases()).isEmpty();
    }

    private void byHand(String id, String description) {
        world.tokens.put(
                id,
                world.json.createObjectNode().put("id", id).put("label", "x").put("description", description));
    }

    /** Qwiet makes a token, and something on the way answers in its place. */
    private void loses(String form, int kept) {
        losesAnAnswer(text -> {
            String changed = changed(text, form);
            return changed.substring(0, Math.min(kept, changed.length()));
        });
    }

    private static String changed(String text, String form) {
        String url = URLEncoder.encode(text, StandardCharsets.UTF_8);
        return switch (form) {
            case "HTML" -> text.replace("[", "&#91;").replace(":", "&#58;").replace("]", "&#93;");
            case "HEX" -> text.replace("[", "&#x5B;").replace(":", "&#x3a;");
            case "URL" -> url;
            case "url" -> url.replace("%3A", "%3a").replace("%5B", "%5b");
            case "url twice" -> url.replace("%3A", "%3a").replace("%5B", "%5b").replace("%", "%25");
            case "MAIL" -> text.replace("[", "=5b").replace(":", "=3a");
            case "JSON" -> text.replace("[", "\\u005b").replace(":", "\\u003a");
            case "MARKDOWN" -> text.replace("[", "\\[").replace(":", "\\:");
            case "NO MARKER" -> text.substring(text.indexOf(':') + 1);
            case "NO BRACKET" -> text.substring(1).replace(":", " ");
            default -> form.replace("%s", text);
        };
    }
}
