package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of lives of leases in front of a {@link QwietBehindABox}. */
abstract class BehindABox {
    @TempDir
    Path directory;

    QwietBehindABox world;

    @BeforeEach
    void start() throws IOException {
        world = new QwietBehindABox(directory);
    }

    @AfterEach
    void stop() throws IOException {
        world.close();
    }

    /**
     * Qwiet creates a token, and its answer is lost; the build is over a minute later.
     *
     * @param change what the box makes of its description
     */
    final void losesAnAnswer(UnaryOperator<String> change) {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                var token = world.tokens.get(world.make(request.body()));
                token.put("description", change.apply(token.path("description").asText()));
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        world.mint();
        world.buildRuns = false;
        world.pass(Duration.ofMinutes(1));
    }

    void nothingLeft() {
        assertThat(world.tokens.keySet()).as("tokens that live").isEmpty();
        assertThat(world.store.leases()).as("leases").isEmpty();
    }

    /** Starts the store again, at a place; another one than before is a copy. */
    final void startAt(String path) throws Exception {
        world.store = Leases.store(
                directory.resolve("leases"),
                world.clock,
                new Leases.UnlockedDisk(),
                new Home(path, "one machine", "one instance"),
                Runnable::run);
        world.leasing = new Leasing(world.store, world.clock, world.nanos::get, Leases.nonces());
        world.janitor =
                new Janitor(world.leasing, l -> Optional.of(world.client()), l -> world.buildRuns, world.clock, 4);
    }
}
