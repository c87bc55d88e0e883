package io.jenkins.plugins.qwiet.redact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import hudson.model.FreeStyleProject;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each text of each program of each Pipeline is looked at when it is saved, which is at nearly each step. Counts what is
 * allocated, as each look at a text copies it; measures no time.
 */
class HeldTokensTest extends OnJenkins {
    private static final String TEXT = "a line of a file that was read\n".repeat(3000);
    private static final int BUILDS = 40;
    private static final int TOKENS = 300;

    private final List<Run<?, ?>> builds = new ArrayList<>();
    private final Random random = new Random(17);

    @AfterEach
    void asItWas() {
        builds.forEach(build -> BuildMask.of(build).hide(List.of()));
    }

    private SecretText newToken() {
        byte[] signature = new byte[32];
        random.nextBytes(signature);
        return SecretText.of("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
    }

    private SecretText hold() throws Exception {
        SecretText token = newToken();
        FreeStyleProject project = jenkins.createFreeStyleProject(newName());
        Run<?, ?> build = jenkins.buildAndAssertSuccess(project);
        BuildMask.of(build).hide(List.of(token));
        builds.add(build);
        return token;
    }

    private static long allocatedBySaving() {
        return allocatedBy(() -> {
            assertThat(new PickledOthers().writeReplace(TEXT)).isNull();
            assertThat(new PickledTexts().writeReplace(TEXT)).isNull();
        });
    }

    private static long allocatedBy(Runnable look) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        look.run();
        return threads.getThreadAllocatedBytes(id) - before;
    }

    @Test
    void aTextIsLookedAtOnceHoweverManyBuildsHoldAToken() throws Exception {
        hold();
        allocatedBySaving();
        long one = allocatedBySaving();
        while (builds.size() < BUILDS) {
            hold();
        }
        allocatedBySaving();

        assertThat(allocatedBySaving()).as("with 1 build %s bytes", one).isLessThan(2 * one);
    }

    /** Which of them an agent has to know is asked for each step. */
    @Test
    void whichTokenStandsInATextIsToldWithoutAMaskOfEach() throws Exception {
        SecretText token = hold();
        BuildMask mask = BuildMask.of(builds.get(0));
        List<String> texts = List.of(
                TEXT,
                "NAME=" + token.reveal(),
                Base64.getEncoder().encodeToString(("user:" + token.reveal()).getBytes(UTF_8)),
                HexFormat.ofDelimiter(" ").formatHex(token.reveal().getBytes(UTF_8)));
        Runnable look = () -> assertThat(mask.standingIn(texts)).containsExactly(token);
        look.run();
        long one = allocatedBy(look);
        var many = new ArrayList<SecretText>(List.of(token));
        while (many.size() < TOKENS) {
            many.add(newToken());
        }
        mask.hide(many);

        // Beginnings of so many are more often in a text by chance. A mask of each would be some hundred times as much.
        assertThat(allocatedBy(look)).as("with 1 token %s bytes", one).isLessThan(10 * one);
        assertThat(mask.standingIn(List.of(TEXT))).isEmpty();
        assertThat(mask.standingIn(List.of(many.get(7).reveal(), many.get(3).reveal())))
                .containsExactly(many.get(3), many.get(7));
    }

    @Test
    void aTokenIsKnownFromItsBeginningToItsEnd() throws Exception {
        var tokens = new ArrayList<SecretText>();
        for (int i = 0; i < 5; i++) {
            SecretText token = hold();
            tokens.add(token);
            assertThat(tokens).allMatch(each -> BuildMask.anyReveals("it is " + each.reveal()));
            assertThat(new PickledTexts().writeReplace("it is " + token.reveal()))
                    .isNotNull();
        }
        for (int i = 0; i < 5; i++) {
            BuildMask.of(builds.get(i)).hide(List.of());
            SecretText dead = tokens.get(i);
            assertThat(BuildMask.anyReveals("it is " + dead.reveal())).isFalse();
            assertThat(tokens.subList(i + 1, 5)).allMatch(each -> BuildMask.anyReveals("it is " + each.reveal()));
        }
    }
}
