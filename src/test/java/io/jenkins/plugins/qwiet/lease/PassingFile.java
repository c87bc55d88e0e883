package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;

/** Passes on all that is done to a file; for those that meddle with some of it. */
class PassingFile implements Disk.OpenFile {
    private final Disk.OpenFile file;

    PassingFile(Disk.OpenFile file) {
        this.file = file;
    }

    @Override
    public void append(byte[] bytes) throws IOException {
        file.append(bytes);
    }

    @Override
    public void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
