package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk takes its time with a look at who has the lock, and meanwhile the store is closed. */
class LookWhileClosingTest {
    private static class Locking extends DiskWithHooks {
        @Override
        public synchronized Optional<Disk.Lock> lock(Path file, byte[] holder) {
            try {
                Path name = Disk.holderOf(file);
                names.remove(name);
                try (OpenFile open = create(name)) {
                    open.append(holder);
                }
                return Optional.of(() -> {});
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A look is under way, waiting for the disk, while Jenkins stops and the next one begins. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLookThatIsUnderWayWhenTheStoreClosesTellsNobodyOfASecondProcess(boolean underWay) throws Exception {
        var disk = new Locking();
        var clock = new FakeClock(Leases.TEN);
        Path directory = Path.of("/home/leases");
        LeaseStore first = Leases.store(directory, clock, disk);
        first.put(Leases.live(1, "shop#1")).join();
        first.mend().join();
        assertThat(first.otherProcess()).isEmpty();
        var second = new LeaseStore[1];
        DiskWithHooks.Hook stops = (op, file) -> {
            if (op.equals("read") && file.getFileName().toString().contains("holder")) {
                disk.hook = (o, f) -> {};
                first.close().join();
                clock.advance(Duration.ofSeconds(5));
                second[0] = Leases.store(directory, clock, disk);
            }
        };
        if (underWay) {
            disk.hook = stops;
            first.mend().join();
        } else {
            stops.before("read", Path.of("/holder"));
            first.mend().join();
        }
        assertThat(second[0]).isNotNull();
        clock.advance(Duration.ofMinutes(1));
        second[0].mend().join();
        assertThat(second[0].otherProcess()).isEmpty();
    }
}
