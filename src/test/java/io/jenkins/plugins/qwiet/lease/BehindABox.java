package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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

    void nothingLeft() {
        assertThat(world.tokens.keySet()).as("tokens that live").isEmpty();
        assertThat(world.store.leases()).as("leases").isEmpty();
    }
}
