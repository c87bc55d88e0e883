package io.jenkins.plugins.qwiet.world;

import java.io.IOException;

/** A file of a {@link VirtualDisk} that one process opened when it made it, whatever its name is now. */
public final class VirtualFile {
    private final VirtualDisk.View view;
    private final Timeline.Life life;
    private final String path;
    private final Inode inode;

    VirtualFile(VirtualDisk.View view, String path, Inode inode) {
        this.view = view;
        this.life = view.life();
        this.path = path;
        this.inode = inode;
        inode.open(life);
    }

    /** Adds to its end, as far as there is room. */
    public void append(byte[] bytes) throws IOException {
        view.look(path, Secrets.joined(inode.seen(), bytes));
        if (view.isFull()) {
            inode.append(bytes, view.dice().part(bytes.length));
            view.space("append to " + path);
        }
        view.may(
                "append to " + path,
                () -> inode.append(bytes, bytes.length),
                () -> inode.append(bytes, view.dice().part(bytes.length)));
    }

    /** The content of the file; its name is synced with its directory. */
    public void sync() throws IOException {
        view.may("sync " + path, inode::sync, () -> {
            if (view.dice().chance(0.5)) {
                inode.forget();
            }
        });
    }

    /** Its number may be another's from now on, once it has no name. */
    public void close() {
        inode.close(life);
    }
}
