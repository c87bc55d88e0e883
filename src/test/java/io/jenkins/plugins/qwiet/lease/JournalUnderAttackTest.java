package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was promised is there, whatever happens to the bytes. */
@ExtendWith(QuietLeases.class)
class JournalUnderAttackTest {
    private static final Path DIRECTORY = Path.of("/home/leases");
    private static final Home HOME = new Home("/home", "machine", "instance");
    private final FakeClock clock = new FakeClock(Leases.TEN);

    @TempDir
    Path directory;

    private LeaseStore open(Disk disk) throws IOException {
        return open(disk, Runnable::run);
    }

    private LeaseStore open(Disk disk, Executor executor) throws IOException {
        var number = new int[1];
        return LeaseStore.open(new LeaseStore.Parts(
                DIRECTORY, clock, HOME, () -> "owner-" + disk.hashCode() + "-" + number[0]++, disk, executor));
    }

    private static boolean promised(CompletableFuture<Void> written) {
        return written.isDone() && !written.isCompletedExceptionally();
    }

    private static Set<String> nonces(LeaseStore store) {
        return store.leases().stream().map(Lease::nonce).collect(Collectors.toSet());
    }

    /** A life of ten leases, of which some are changed and some are gone. */
    private DiskWithHooks life() throws IOException {
        var disk = new DiskWithHooks();
        LeaseStore store = open(disk);
        for (int i = 1; i <= 10; i++) {
            store.put(Leases.intent(i, "shop#" + i)).join();
            store.put(Leases.live(i, "shop#" + i)).join();
        }
        store.remove(Leases.nonce(3)).join();
        store.remove(Leases.nonce(4)).join();
        return disk;
    }

    @Test
    void everyByteCut() throws IOException {
        DiskWithHooks whole = life();
        Path file = whole.journals().get(0);
        byte[] bytes = whole.bytes(file);
        assertThat(whole.journals()).hasSize(1);
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            DiskWithHooks disk = whole.copy();
            disk.bytes(file, Arrays.copyOf(bytes, cut));
            Set<String> found = nonces(open(disk));
            String before = text.substring(0, cut);
            for (int i : new int[] {1, 2, 5, 6, 7, 8, 9, 10}) {
                String lines = Arrays.stream(before.substring(0, before.lastIndexOf('\n') + 1)
                                .split("\n"))
                        .filter(i3(i))
                        .collect(Collectors.joining("\n"));
                if (!lines.isEmpty() && !lines.contains("gone")) {
                    assertThat(found).as("cut at " + cut).contains(Leases.nonce(i));
                }
            }
        }
    }

    private static java.util.function.Predicate<String> i3(int i) {
        return line -> line.contains(Leases.nonce(i));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0x20, 0x80, 0xff, -1})
    void everyByteFlippedLosesOneRecordAtTheMost(int mask) throws IOException {
        DiskWithHooks whole = life();
        Path file = whole.journals().get(0);
        byte[] bytes = whole.bytes(file);
        for (int at = 0; at < bytes.length; at++) {
            DiskWithHooks disk = whole.copy();
            byte[] damaged = bytes.clone();
            damaged[at] = (byte) (mask == -1 ? '\n' : damaged[at] ^ mask);
            disk.bytes(file, damaged);
            LeaseStore store = open(disk);
            Set<String> found = nonces(store);
            for (int i : new int[] {1, 2, 5, 6, 7, 8, 9, 10}) {
                // Each has two records, of which one may be damaged.
                assertThat(found).as("at " + at).contains(Leases.nonce(i));
            }
            // It is open again, and a change is kept.
            assertThat(promised(store.put(Leases.live(77, "x#1")))).isTrue();
            assertThat(nonces(open(disk)))
                    .as("again, at " + at)
                    .containsAll(found)
                    .contains(Leases.nonce(77));
        }
    }

    @Test
    void blocksThatAreDuplicatedLostZeroedOrReordered() throws IOException {
        DiskWithHooks whole = life();
        Path file = whole.journals().get(0);
        byte[] bytes = whole.bytes(file);
        var random = new Random(4);
        for (int run = 0; run < 3000; run++) {
            int size = 1 << random.nextInt(4, 11);
            List<byte[]> blocks = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += size) {
                blocks.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
            }
            int i = random.nextInt(blocks.size());
            int j = random.nextInt(blocks.size());
            switch (random.nextInt(5)) {
                case 0 -> blocks.add(j, blocks.get(i));
                case 1 -> blocks.remove(i);
                case 2 -> blocks.set(i, new byte[blocks.get(i).length]);
                case 3 -> Collections.swap(blocks, i, j);
                default -> random.nextBytes(blocks.get(i));
            }
            var damaged = new ByteArrayOutputStream();
            blocks.forEach(damaged::writeBytes);
            DiskWithHooks disk = whole.copy();
            disk.bytes(file, damaged.toByteArray());
            String text = damaged.toString(StandardCharsets.UTF_8);
            Set<String> found = nonces(open(disk));
            for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
                String nonce = line.replaceAll(".*\"nonce\":\"([0-9a-f]+)\".*", "$1");
                boolean gone = line.contains("\"gone\"") || nonce.endsWith("3") || nonce.endsWith("4");
                if (!gone && text.contains(line)) {
                    assertThat(found).as("run " + run + ": " + line).contains(nonce);
                }
            }
        }
    }

    @Test
    void linesInAnotherOrderMeanTheSame() throws IOException {
        DiskWithHooks whole = life();
        Path file = whole.journals().get(0);
        List<String> lines =
                new ArrayList<>(List.of(new String(whole.bytes(file), StandardCharsets.UTF_8).split("\n")));
        Set<Lease> expected = new HashSet<>(open(whole.copy()).leases());
        var random = new Random(1);
        for (int run = 0; run < 200; run++) {
            Collections.shuffle(lines, random);
            List<String> twice = new ArrayList<>(lines);
            twice.addAll(lines.subList(0, random.nextInt(lines.size())));
            DiskWithHooks disk = whole.copy();
            disk.bytes(file, (String.join("\n", twice) + "\n").getBytes(StandardCharsets.UTF_8));
            assertThat(new HashSet<>(open(disk).leases())).isEqualTo(expected);
        }
    }

    /** What editors and copies in text mode do. */
    @Test
    void crlfBomNulAndBlankLines() throws IOException {
        DiskWithHooks whole = life();
        Path file = whole.journals().get(0);
        String text = new String(whole.bytes(file), StandardCharsets.UTF_8);
        Set<Lease> expected = new HashSet<>(open(whole.copy()).leases());
        for (String other : List.of(
                text.replace("\n", "\r\n"),
                text.replace("\n", "\r"),
                "\ufeff" + text,
                "\n\n" + text + "\n\n",
                text.replace("\n", "\n\0\0\0\n"),
                "\0".repeat(4096) + text + "\0".repeat(4096),
                text.replace("\n", " \n"),
                text.substring(0, text.length() - 1),
                text + "# a note by an administrator\n")) {
            DiskWithHooks disk = whole.copy();
            disk.bytes(file, other.getBytes(StandardCharsets.UTF_8));
            assertThat(new HashSet<>(open(disk).leases())).isEqualTo(expected);
        }
    }

    /** A full disk while a smaller file was to be made is no damage. */
    @Test
    void aJournalThatCouldNotBeMadeSmallerIsNotDamaged() throws IOException {
        var disk = new DiskWithHooks();
        LeaseStore store = open(disk);
        store.put(Leases.live(1, "shop#1")).join();
        Path first = disk.journals().get(0);
        disk.hook = (op, path) -> {
            if (op.equals("create")) {
                throw new IOException("No space left on device");
            }
        };
        for (int i = 2; i <= 3000; i++) {
            assertThat(promised(store.put(Leases.live(i, "shop#" + i)))).isTrue();
        }
        disk.hook = (op, path) -> {};
        assertThat(disk.journals()).containsExactly(first);
        LeaseStore again = open(disk);
        assertThat(again.leases()).hasSize(3000);
        assertThat(again.setAside()).isEmpty();
    }

    /** Each kind of operation fails once, at each place, with and without a power cut afterwards. */
    @Test
    void oneFailureAtEachPlaceAndAPowerCut() throws IOException {
        for (boolean after : new boolean[] {false, true}) {
            for (int at = 1; at < 60; at++) {
                var disk = new DiskWithHooks();
                int place = at;
                var count = new int[1];
                boolean[] failed = new boolean[1];
                LeaseStore store = open(disk);
                disk.hook = (op, path) -> {
                    if (++count[0] == place) {
                        failed[0] = true;
                        throw new IOException("I/O error at " + op);
                    }
                };
                Map<String, Lease> kept = new HashMap<>();
                for (int i = 1; i <= 8; i++) {
                    if (promised(store.put(Leases.intent(i, "shop#1")))) {
                        kept.put(Leases.nonce(i), Leases.intent(i, "shop#1"));
                    }
                    if (promised(store.put(Leases.live(i, "shop#1")))) {
                        kept.put(Leases.nonce(i), Leases.live(i, "shop#1"));
                    }
                    if (i == 5) {
                        store.mend().join();
                    }
                }
                disk.hook = (op, path) -> {};
                if (after) {
                    disk.losePower();
                }
                LeaseStore again = open(disk);
                for (Lease lease : kept.values()) {
                    assertThat(again.find(lease.nonce()).map(Lease::tokenId))
                            .as("fails at " + place + " " + after + " " + lease.nonce())
                            .contains(lease.tokenId());
                }
                assertThat(again.setAside()).isEmpty();
                assertThat(again.resting()).isEmpty();
                if (!failed[0]) {
                    break;
                }
            }
        }
    }

    /** The disk is full for a while: for all writes, or for all that makes files. */
    @ParameterizedTest
    @ValueSource(strings = {"append", "create", "sync", "syncDir", "rename", "delete", "append create", "sync syncDir"})
    void aDiskThatIsUnwellForAWhile(String operations) throws IOException {
        var disk = new DiskWithHooks();
        LeaseStore store = open(disk);
        Map<String, Lease> kept = new HashMap<>();
        for (int i = 1; i <= 30; i++) {
            disk.hook = i > 10 && i <= 20
                    ? (op, path) -> {
                        if (operations.contains(op)
                                && (!op.equals("sync")
                                        || List.of(operations.split(" ")).contains(op))) {
                            throw new IOException("No space left on device");
                        }
                    }
                    : (op, path) -> {};
            if (promised(store.put(Leases.live(i, "shop#1")))) {
                kept.put(Leases.nonce(i), Leases.live(i, "shop#1"));
            }
            if (i > 20) {
                assertThat(kept).as("works again, " + i).containsKey(Leases.nonce(i));
            }
            if (i % 7 == 0) {
                store.remove(Leases.nonce(i - 1)).join();
                kept.remove(Leases.nonce(i - 1));
            }
            clock.advance(java.time.Duration.ofDays(i % 2 == 0 ? 400 : -500));
        }
        store.mend().join();
        assertThat(store.trouble()).isEmpty();
        disk.losePower();
        LeaseStore again = open(disk);
        assertThat(nonces(again)).containsAll(kept.keySet());
        assertThat(again.setAside()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 9_999_000, 12_000_000})
    void longLinesAreKept(int length) throws IOException {
        var disk = new DiskWithHooks();
        LeaseStore store = open(disk);
        store.put(Leases.live(1, "shop#1")).join();
        Lease big = live(2, "x".repeat(length));
        boolean kept = promised(store.put(big));
        store.put(Leases.live(3, "shop#3")).join();
        LeaseStore again = open(disk);
        assertThat(nonces(again)).contains(Leases.nonce(1), Leases.nonce(3));
        if (kept) {
            assertThat(nonces(again)).contains(Leases.nonce(2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sum\":\"00000000\",\"length\":5,",
                "\\\n\r\t\0\u0001\u2028\u2029\ufeff\ufffe",
                "\ud83d\ude00 \ud800 lone \udc00",
                "gone\":\"",
                "\u202e right to left",
                "</script>",
                ""
            })
    void oddTextsAreKept(String text) throws IOException {
        var disk = new DiskWithHooks();
        LeaseStore store = open(disk);
        store.put(live(1, text)).join();
        store.put(Leases.live(2, "shop#2")).join();
        LeaseStore again = open(disk);
        assertThat(nonces(again)).containsExactlyInAnyOrder(Leases.nonce(1), Leases.nonce(2));
        assertThat(again.setAside()).isEmpty();
    }

    private static Lease live(long number, String label) {
        Lease lease = Leases.live(number, "shop#1");
        var identity = new Lease.Identity(
                lease.nonce(),
                label,
                lease.organization(),
                lease.account(),
                lease.buildId(),
                lease.buildUrl(),
                lease.openedAt());
        return new Lease(identity, lease.end(), lease.tokenId(), lease.releasedAt(), lease.failure());
    }

    @Test
    void tenThousandLeases() throws IOException {
        var disk = new DiskWithHooks() {
            @Override
            public synchronized OpenFile create(Path file) throws IOException {
                OpenFile real = super.create(file);
                var all = new ByteArrayOutputStream();
                return new PassingFile(real) {
                    @Override
                    public void append(byte[] bytes) {
                        all.writeBytes(bytes);
                        names.get(file).seen = all.toByteArray();
                    }
                };
            }
        };
        var threads = Executors.newFixedThreadPool(4);
        LeaseStore store = open(disk, threads);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 1; i <= 10_000; i++) {
            all.add(store.put(Leases.live(i, "shop#" + i % 100)));
        }
        all.forEach(CompletableFuture::join);
        store.close().join();
        long begin = System.nanoTime();
        assertThat(open(disk).leases()).hasSize(10_000);
        assertThat((System.nanoTime() - begin) / 1e9).isLessThan(5);
        threads.shutdown();
    }

    /** A reader copies the file at any moment while it is written. */
    @Test
    void aCopyMadeMeanwhileHasAllThatWasPromisedBefore() throws Exception {
        var executor = Executors.newFixedThreadPool(3);
        LeaseStore store = LeaseStore.open(directory.resolve("leases"), clock, HOME, executor);
        for (int run = 0; run < 40; run++) {
            List<CompletableFuture<Void>> before = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                before.add(store.put(Leases.live(1 + run * 1000L + i, "shop#1")));
            }
            before.forEach(CompletableFuture::join);
            Set<String> known = nonces(store);
            List<CompletableFuture<Void>> meanwhile = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                meanwhile.add(store.put(Leases.live(500 + run * 1000L + i, "shop#1")));
            }
            Path copy = directory.resolve("copy-" + run).resolve("leases");
            Files.createDirectories(copy);
            try (var files = Files.list(directory.resolve("leases"))) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            meanwhile.forEach(CompletableFuture::join);
            LeaseStore other =
                    LeaseStore.open(copy, clock, new Home("/copy", HOME.machine(), HOME.instance()), Runnable::run);
            assertThat(other.leases()).as("a copy rests").isEmpty();
            assertThat(other.resting().stream().map(r -> r.lease().nonce()).collect(Collectors.toSet()))
                    .containsAll(known);
            assertThat(other.setAside()).isEmpty();
            other.close().join();
        }
        store.close().join();
        executor.shutdown();
    }

    @Test
    void twoStoresOnOneDirectory() throws Exception {
        Path leases = directory.resolve("leases");
        LeaseStore one = LeaseStore.open(leases, clock, HOME, Runnable::run);
        assertThat(opensIt(leases)).isFalse();
        for (Path same : List.of(leases, directory.resolve("leases/../leases"))) {
            try {
                LeaseStore.open(same, clock, HOME, Runnable::run);
                assertThat(same).as("opened twice").isNull();
            } catch (InUseException e) {
                assertThat(e.getMessage()).contains("process");
            }
        }
        // And the attempts have not unlocked it for another process.
        assertThat(opensIt(leases)).isFalse();
        one.close().join();
        LeaseStore.open(leases, clock, HOME, Runnable::run).close().join();
    }

    /** By another name of the same directory: the attempt is refused, and the lock is still there afterwards. */
    @Test
    void aStoreOpenedThroughALinkUnlocksNothing() throws Exception {
        Path leases = directory.resolve("leases");
        LeaseStore one = LeaseStore.open(leases, clock, HOME, Runnable::run);
        Path link = Files.createSymbolicLink(directory.resolve("link"), leases);
        try {
            LeaseStore.open(link, clock, HOME, Runnable::run);
            assertThat(link).as("opened twice").isNull();
        } catch (InUseException e) {
            assertThat(e.getMessage()).contains("process");
        }
        assertThat(opensIt(leases)).isFalse();
        one.close().join();
    }

    /** Whether a process of its own could open it. */
    private static boolean opensIt(Path leases) throws IOException, InterruptedException {
        return new ProcessBuilder(
                                "java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AnotherProcess.class.getName(),
                                leases.toString())
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    static final class AnotherProcess {
        public static void main(String[] args) throws Exception {
            try {
                LeaseStore.open(Path.of(args[0]), java.time.Clock.systemUTC(), HOME, Runnable::run);
            } catch (InUseException e) {
                Runtime.getRuntime().halt(3);
            }
        }
    }

    /** A lease that was promised, then changed by others at the same time, ends as one of them says, on disk too. */
    @Test
    void concurrentChangesOfOneLease() throws Exception {
        var disk = new DiskWithHooks();
        var threads = Executors.newFixedThreadPool(8);
        var files = Executors.newFixedThreadPool(2);
        LeaseStore store = open(disk, files);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int n = i;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        if (n % 3 == 0) {
                            store.remove(Leases.nonce(n % 7)).join();
                        } else {
                            store.put(Leases.live(n % 7, "shop#" + n)).join();
                        }
                    },
                    threads));
        }
        all.forEach(CompletableFuture::join);
        Set<Lease> expected = new HashSet<>(store.leases());
        store.close().join();
        assertThat(new HashSet<>(open(disk).leases())).isEqualTo(expected);
        threads.shutdown();
    }
}
