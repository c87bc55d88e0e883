package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Builds that mint and end, a process that is killed now and then, and a box that does anything to a call that
 * docs/promise.md does not call beyond reach: after it is gone nothing is left, and no token was revoked while its build ran.
 */
class HostileBoxTest {
    private static final Duration LAG = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    static List<Long> seeds() {
        int first = Integer.getInteger("hostile.first", 1);
        int many = Integer.getInteger("hostile.many", 40);
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            seeds.add((long) first + i);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void leavesNothingAndTakesNothingEarly(long seed) throws Exception {
        var random = new Random(seed);
        try (var world = new QwietBehindABox(directory)) {
            var box = new Box(world, random);
            world.box = box;
            Set<String> running = new HashSet<>();
            world.builds = lease -> running.contains(lease.buildId());
            Map<String, MintResult.Minted> held = new HashMap<>();
            int builds = 0;
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        String build = "shop#" + ++builds;
                        running.add(build);
                        if (world.mint(build) instanceof MintResult.Minted minted) {
                            held.put(build, minted);
                            box.inUse.add(minted.token().id());
                        } else {
                            running.remove(build);
                        }
                    }
                    case 2, 3 -> {
                        if (!held.isEmpty()) {
                            String build = List.copyOf(held.keySet()).get(random.nextInt(held.size()));
                            MintResult.Minted minted = held.remove(build);
                            box.inUse.remove(minted.token().id());
                            running.remove(build);
                            if (random.nextInt(3) > 0) {
                                world.leasing
                                        .revoke(world.client(), minted.lease())
                                        .join();
                            }
                        }
                    }
                    case 4 -> {
                        world.janitor.sweep().join();
                        if (random.nextInt(6) == 0) {
                            world.restart();
                        }
                    }
                    default -> world.pass(Duration.ofSeconds(random.nextInt(1200)));
                }
                box.catchUp(false);
                assertThat(box.early).as("revoked while in use, step %d", step).isEmpty();
            }
            box.sound = true;
            box.catchUp(true);
            for (int i = 0;
                    i < 24 * 60
                            && !(world.tokens.size() == held.size()
                                    && world.store.leases().size() == held.size());
                    i++) {
                world.sweep(1);
            }
            world.sweep(60);
            assertThat(box.early).as("revoked while in use").isEmpty();
            held.keySet().forEach(running::remove);
            box.inUse.clear();
            for (int i = 0;
                    i < 24 * 60
                            && !(world.tokens.isEmpty() && world.store.leases().isEmpty());
                    i++) {
                world.sweep(1);
            }
            assertThat(world.store.leases()).as("leases").isEmpty();
            world.sweep(30);
            assertThat(world.tokens.keySet()).as("tokens").isEmpty();
        }
    }

    /** What it does to calls. */
    private static final class Box implements QwietBehindABox.Box {
        private final QwietBehindABox world;
        private final Random random;
        final Set<String> inUse = new HashSet<>();
        final List<String> early = new ArrayList<>();
        private final Map<String, Long> madeAt = new HashMap<>();
        private final List<Runnable> late = new ArrayList<>();
        private final List<Long> lateAt = new ArrayList<>();
        private byte[] lastDelete;
        volatile boolean sound;

        Box(QwietBehindABox world, Random random) {
            this.world = world;
            this.random = random;
        }

        void catchUp(boolean all) {
            for (int i = 0; i < late.size(); i++) {
                if (lateAt.get(i) != null && (all || world.nanos.get() >= lateAt.get(i))) {
                    lateAt.set(i, null);
                    late.get(i).run();
                }
            }
        }

        private byte[] qwiet(RawServer.Req request) throws IOException {
            var out = new ByteArrayOutputStream();
            Set<String> before = Set.copyOf(world.tokens.keySet());
            world.qwiet(request, out);
            world.tokens.keySet().stream()
                    .filter(id -> !before.contains(id))
                    .forEach(id -> madeAt.put(id, world.nanos.get()));
            before.stream()
                    .filter(id -> !world.tokens.containsKey(id) && inUse.contains(id))
                    .forEach(early::add);
            return out.toByteArray();
        }

        @Override
        public synchronized boolean meddle(RawServer.Req request, OutputStream out) throws IOException {
            int dice = sound ? 99 : random.nextInt(20);
            switch (request.method()) {
                case "POST" -> {
                    switch (dice) {
                        case 0 -> {
                            qwiet(request);
                            page(out, "504 G");
                        }
                        case 1 -> page(out, "403 F");
                        case 2 -> {
                            qwiet(request);
                            out.write(qwiet(request));
                        }
                        case 3 -> {
                            late.add(() -> {
                                try {
                                    qwiet(request);
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
                            lateAt.add(world.nanos.get() + Duration.ofMinutes(4).toNanos());
                            page(out, "502 B");
                        }
                        case 4 -> {
                            qwiet(request);
                            RawServer.send(out, "400 B", "{\"ok\":false,\"code\":\"DUPLICATE\",\"message\":\"no\"}");
                        }
                        case 5 -> {
                            String whole = new String(qwiet(request), java.nio.charset.StandardCharsets.UTF_8);
                            String id = "token-" + world.made.get();
                            RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":{\"id\":\"" + id + "\"}}");
                            assertThat(whole).contains(id);
                        }
                        case 6 -> {
                            qwiet(request);
                            RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":{}}");
                        }
                        default -> out.write(qwiet(request));
                    }
                }
                case "GET" -> {
                    switch (dice) {
                        case 0 -> page(out, "200 OK");
                        case 1 -> page(out, "503 S");
                        case 2, 3, 4 -> lagging(out);
                        case 5 -> half(out);
                        case 6 ->
                            RawServer.send(out, "403 F", "{\"ok\":false,\"code\":\"FORBIDDEN\",\"message\":\"no\"}");
                        default -> out.write(qwiet(request));
                    }
                }
                default -> {
                    String id = request.path().substring(request.path().lastIndexOf('/') + 1);
                    boolean fresh = world.nanos.get() - madeAt.getOrDefault(id, 0L)
                            < Duration.ofSeconds(20).toNanos();
                    switch (dice) {
                        case 0 -> page(out, "504 G");
                        case 1 -> {
                            qwiet(request);
                            page(out, "502 B");
                        }
                        case 2 ->
                            RawServer.send(out, "409 C", "{\"ok\":false,\"code\":\"CONFLICT\",\"message\":\"no\"}");
                        case 3 ->
                            RawServer.send(out, "403 F", "{\"ok\":false,\"code\":\"FORBIDDEN\",\"message\":\"no\"}");
                        case 4 ->
                            RawServer.send(
                                    out,
                                    "404 N",
                                    "{\"ok\":false,\"code\":\"NOT_FOUND\",\"message\":\"organization not found\"}");
                        case 5 -> out.write(lastDelete == null ? qwiet(request) : lastDelete);
                        case 6 -> page(out, "404 N");
                        default -> {
                            if (fresh && !sound && random.nextInt(4) == 0) {
                                RawServer.send(
                                        out,
                                        "404 N",
                                        "{\"ok\":false,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"Token not found\"}");
                            } else {
                                lastDelete = qwiet(request);
                                out.write(lastDelete);
                            }
                        }
                    }
                }
            }
            return true;
        }

        private static void page(OutputStream out, String status) throws IOException {
            RawServer.send(out, status, "<html><body>Hello</body></html>");
        }

        /** Of a replica that is behind: without what was made a moment ago. */
        private void lagging(OutputStream out) throws IOException {
            var list = world.json.createArrayNode();
            world.tokens.forEach((id, token) -> {
                if (world.nanos.get() - madeAt.getOrDefault(id, 0L) >= LAG.toNanos()) {
                    list.add(token);
                }
            });
            world.ok(out, list);
        }

        /** Cut, and says so. */
        private void half(OutputStream out) throws IOException {
            var list = world.json.createArrayNode();
            world.tokens.values().stream().limit(world.tokens.size() / 2).forEach(list::add);
            ObjectNode envelope = world.json.createObjectNode().put("ok", true).put("total", world.tokens.size());
            envelope.put("has_more", true);
            envelope.set("response", list);
            RawServer.send(out, "200 OK", envelope.toString());
        }
    }
}
