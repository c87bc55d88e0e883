package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
 * A report in a file, compressed. Nothing of it stays in memory: each question reads the file. Some 5 megabytes at the
 * most, usually a few kilobytes.
 *
 * @param file where it is, or will be
 */
public record StoredReport(@NonNull Path file) {
    /** What such a file is called beside a build. */
    public static final String FILE_NAME = "qwiet-tokens.json.gz";

    /** Writes it; whoever reads meanwhile sees the old file or the new one, never half of one. */
    public void write(@NonNull Audit.Result result) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a report is a file in a directory");
        Path draft = Files.createTempFile(directory, FILE_NAME, ".tmp");
        try {
            try (var out = new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(draft)), 8192)) {
                ReportJson.write(result.report(), result.rows(), result.index(), out);
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

    private interface Reader<T> {
        T read(InputStream in) throws IOException;
    }
}
