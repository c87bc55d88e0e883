package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup is put there, and Qwiet lists ids alone: the token that the newer journal named is revoked. */
class TwoJournalsOfTerseQwietTest extends BehindABox {
    private byte[] older;

    private List<Path> journals() {
        try (Stream<Path> files = Files.list(directory.resolve("leases"))) {
            return new ArrayList<>(files.filter(f -> f.getFileName().toString().startsWith("journal-"))
                    .sorted()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"both", "the newer", "the newer, slowly"})
    void theTokenIsRevoked(String restored) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST") && older == null) {
                older = Files.readAllBytes(journals().get(0));
            } else if (request.method().equals("GET")) {
                var list = world.json.createArrayNode();
                synchronized (world.tokens) {
                    world.tokens
                            .keySet()
                            .forEach(
                                    id -> list.add(world.json.createObjectNode().put("id", id)));
                }
                world.ok(out, list);
                return true;
            }
            return false;
        };
        assertThat(world.mint("shop#1")).isInstanceOf(MintResult.Minted.class);
        byte[] newer = Files.readAllBytes(journals().get(0));
        world.store.close().join();
        // The disk is lost. A new home, and somebody restores what there is.
        for (Path journal : journals()) {
            Files.delete(journal);
        }
        world.buildRuns = false;
        world.restart();
        world.sweep(2);
        if (restored.equals("both")) {
            Files.write(directory.resolve("leases/journal-00000076.jsonl"), older);
        } else if (restored.endsWith("slowly")) {
            Files.write(directory.resolve("leases/journal-00000077.jsonl"), Arrays.copyOf(newer, older.length + 20));
            world.sweep(1);
        }
        Files.write(directory.resolve("leases/journal-00000077.jsonl"), newer);
        world.sweep(48 * 60);
        assertThat(world.tokens.keySet())
                .as("tokens that live two days later; leases: %s", world.store.leases())
                .isEmpty();
    }
}
