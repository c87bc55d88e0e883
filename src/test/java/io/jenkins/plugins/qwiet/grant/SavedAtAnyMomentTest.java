package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThatNoException;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Jenkins saves a build from any thread, also while another one of it binds a token. */
class SavedAtAnyMomentTest extends OnJenkins {
    @Test
    void whileVariablesBecomeKnown() throws Exception {
        Paused build = paused("semaphore 'PAUSE'");
        var over = new AtomicBoolean();
        CompletableFuture<Void> saves = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                assertThatNoException().isThrownBy(build.run()::save);
            }
        });

        for (int i = 0; i < 1000 && !saves.isDone(); i++) {
            ScriptWords.know(build.run(), "TOKEN_" + i, "ORG_" + i);
        }

        over.set(true);
        saves.get();
        build.goOn(Result.SUCCESS);
    }
}
