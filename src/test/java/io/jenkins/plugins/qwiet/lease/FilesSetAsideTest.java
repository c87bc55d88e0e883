package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person does with files that were set aside, while they are named. */
class FilesSetAsideTest extends HomeOfLeases {
    @Test
    void filesThatAPersonDeletedAreNamedNoMore() throws Exception {
        LeaseStore store = withOneSetAside(new Leases.UnlockedDisk());
        for (Path file : store.setAside()) {
            Files.delete(file);
        }

        store.mend().join();

        assertThat(store.setAside()).isEmpty();
        assertThat(store.leases()).hasSize(1);
    }

    @Test
    void aFolderThatAPersonDeletedIsNamedNoMore() throws Exception {
        LeaseStore store = withOneSetAside(new Leases.UnlockedDisk());
        for (Path file : store.setAside()) {
            Files.delete(file);
            Files.delete(file.getParent());
        }

        store.mend().join();

        assertThat(store.setAside()).isEmpty();
    }

    @Test
    void filesAreNamedAsLongAsTheFolderCannotBeLookedAt() throws Exception {
        var disk = new Unlisted();
        LeaseStore store = withOneSetAside(disk);

        disk.unlisted = store.setAside().get(0).getParent();
        store.mend().join();

        assertThat(store.setAside()).hasSize(1);
    }

    private LeaseStore withOneSetAside(Disk disk) throws IOException {
        LeaseStore first = Leases.store(directory, clock, disk);
        first.put(Leases.live(1, "shop#1")).join();
        first.close().join();
        Path journal;
        try (var files = Files.list(directory)) {
            journal = files.filter(each -> each.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(journal, "this is no lease\n" + Files.readString(journal));
        LeaseStore store = Leases.store(directory, clock, disk);
        store.mend().join();
        assertThat(store.setAside())
                .hasSize(1)
                .allMatch(file -> file.getParent().endsWith("set-aside"));
        return store;
    }

    private static final class Unlisted extends Leases.UnlockedDisk {
        private volatile Path unlisted;

        @Override
        public List<Path> list(Path folder) throws IOException {
            if (folder.equals(unlisted)) {
                throw new IOException("Input/output error");
            }
            return super.list(folder);
        }
    }
}
