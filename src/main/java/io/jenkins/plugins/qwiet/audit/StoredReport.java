package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A report in a file, compressed. Nothing of it stays in memory: each question reads the file. Usually a few kilobytes,
 * and never more than some {@value #MAX_BYTES} bytes, whatever people write into labels and descriptions.
 *
 * @param file where it is, or will be
 */
public record StoredReport(@NonNull Path file) {
    /** What such a file is called beside a build. */
    public static final String FILE_NAME = "qwiet-tokens.json.gz";

    /** Of rows and all. Zlib holds back less than a hundred thousand. */
    static final int MAX_BYTES = 5_000_000;

    /** Writes it, with as many rows as there is room for; whoever reads meanwhile sees the old file or the new one, never half of one. */
    public void write(@NonNull Audit.Result result) throws IOException {
        Audit.Result fitting = result.first(rowsWithRoom(result));
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a report is a file in a directory");
        Path draft = Files.createTempFile(directory, FILE_NAME, ".tmp");
        try {
            try (var out = new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(draft)), 8192)) {
                ReportJson.write(fitting.report(), fitting.rows(), fitting.index(), out);
            }
            try {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static int rowsWithRoom(Audit.Result result) throws IOException {
        var head = new Counted();
        try (var out = new GZIPOutputStream(head)) {
            ReportJson.write(result.report(), null, result.index(), out);
        }
        var rows = new Counted();
        int kept = 0;
        try (var out = new GZIPOutputStream(rows)) {
            for (TokenRow row : result.rows()) {
                ReportJson.write(row, out);
                if (head.bytes + rows.bytes > MAX_BYTES) {
                    break;
                }
                kept++;
            }
        }
        return kept;
    }

    /** What the audit found. */
    @NonNull
    public AuditReport report() throws IOException {
        return read(ReportJson::report);
    }

    /** The live tokens that the audit saw. */
    @NonNull
    TokenIndex index() throws IOException {
        return read(ReportJson::index);
    }

    /** Gives every row that is kept, one by one. */
    public void rows(@NonNull Consumer<TokenRow> each) throws IOException {
        read(in -> {
            ReportJson.rows(in, each);
            return file;
        });
    }

    /** All rows that are kept, {@value Audit#MAX_ROWS} at most. */
    @NonNull
    public List<TokenRow> rows() throws IOException {
        List<TokenRow> rows = new ArrayList<>();
        rows(rows::add);
        return rows;
    }

    private <T> T read(Reader<T> reader) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 8192)) {
            return reader.read(in);
        }
    }

    private static final class Counted extends OutputStream {
        private long bytes;

        @Override
        public void write(int one) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int length) {
            bytes += length;
        }
    }

    private interface Reader<T> {
        T read(InputStream in) throws IOException;
    }
}
