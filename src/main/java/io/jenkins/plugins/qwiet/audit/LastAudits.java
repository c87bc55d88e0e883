package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.Account;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The numbers of each organization's last audit, whichever job it was of, in one small file of the home. Nothing of it stays in
 * memory. Safe on any thread of one process.
 *
 * @param file where they are, or will be
 */
public record LastAudits(@NonNull Path file) {
    /** What such a file is called. */
    public static final String FILE_NAME = "last-audits.json";
    /** Organizations that are kept: those that were audited last. */
    static final int MOST = 100;
    /** What was not audited for so long, nobody audits any more: it is not shown. A clock that jumps deletes nothing. */
    static final Duration KEPT = Duration.ofDays(90);

    /** Clocks are put back by less than that without anybody's doing. */
    static final Duration PUT_BACK = Duration.ofDays(1);

    /** Many times what {@value #MOST} have. */
    private static final long LARGEST = 16L * 1024 * 1024;

    private static final Logger LOGGER = Logger.getLogger(LastAudits.class.getName());
    private static final int VERSION = 1;
    private static final Object WRITE = new Object();

    /**
     * One audit that got a list.
     *
     * @param at when, by the clock of this Jenkins: Qwiet's may be wrong in one response
     * @param api address of Qwiet's API
     * @param orgId the organization
     * @param buildId what Jenkins knows the build by that asked
     * @param counts of the tokens that Qwiet listed
     * @param partial whether the list may not be the whole
     * @param account that listed them
     */
    public record LastAudit(
            @NonNull Instant at,
            @NonNull String api,
            @NonNull String orgId,
            @NonNull String buildId,
            @NonNull AuditReport.Counts counts,
            boolean partial,
            @NonNull Account account) {
        /** Whether it is of that organization. */
        public boolean isOf(@NonNull Organization organization) {
            return orgId.equals(organization.orgId())
                    && api.equals(organization.address().base());
        }

        private boolean isOfSame(LastAudit other) {
            return orgId.equals(other.orgId) && api.equals(other.api);
        }

        private boolean isWhole() {
            return at != null
                    && api != null
                    && orgId != null
                    && buildId != null
                    && counts != null
                    && account != null
                    && account.credentialsId() != null
                    && account.item() != null;
        }
    }

    /** What the file has. */
    private record Content(int version, List<LastAudit> audits) {}

    /**
     * Those of the last {@link #KEPT} that can be read, the newest first; none if the file cannot be. One that is more than
     * {@link #PUT_BACK} ahead is none of these: the clock was wrong then, or is now.
     */
    @NonNull
    public List<LastAudit> all(@NonNull Instant now) {
        try {
            return stored().stream()
                    .filter(audit -> audit.at().isBefore(now.plus(PUT_BACK))
                            && audit.at().isAfter(now.minus(KEPT)))
                    .sorted(Comparator.comparing(LastAudit::at).reversed())
                    .toList();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The last audits are not shown: " + file);
            return List.of();
        }
    }

    private List<LastAudit> stored() throws IOException {
        JsonNode content = content();
        if (!content.path("version").isInt() || content.path("version").intValue() != VERSION) {
            return List.of();
        }
        return content.path("audits")
                .valueStream()
                .flatMap(audit -> read(audit).stream())
                .filter(LastAudit::isWhole)
                .limit(MOST)
                .toList();
    }

    /** Nothing if the file is not there, is too large or damaged: the next audit writes it anew. */
    private JsonNode content() throws IOException {
        byte[] text;
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                LOGGER.log(
                        Level.WARNING,
                        "Not read, and written anew with the next audit: {0} has {1} bytes",
                        new Object[] {file, String.valueOf(size)});
                return MissingNode.getInstance();
            }
            text = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return MissingNode.getInstance();
        }
        try {
            return ReportJson.MAPPER.readTree(text);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Damaged, and written anew with the next audit: " + file);
            return MissingNode.getInstance();
        }
    }

    /** Empty if somebody else wrote it, or a later version. */
    private static Optional<LastAudit> read(JsonNode audit) {
        try {
            return Optional.ofNullable(ReportJson.MAPPER.treeToValue(audit, LastAudit.class));
        } catch (JsonProcessingException e) {
            LOGGER.log(Level.FINE, "Not shown, for it cannot be read: one of the last audits", e);
            return Optional.empty();
        }
    }

    /**
     * Keeps an audit as the last one of its organization: of two, that which is kept last.
     *
     * @throws IOException if it cannot be written, or the others cannot be read, which stay as they are
     */
    public void keep(@NonNull LastAudit audit) throws IOException {
        synchronized (WRITE) {
            List<LastAudit> all = new ArrayList<>(stored());
            all.removeIf(audit::isOfSame);
            all.add(0, audit);
            write(new Content(VERSION, all.subList(0, Math.min(MOST, all.size()))));
        }
    }

    private void write(Content content) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file in a directory");
        Files.createDirectories(directory);
        Path draft = Files.createTempFile(directory, FILE_NAME, ".tmp");
        try {
            Files.write(draft, ReportJson.MAPPER.writeValueAsBytes(content));
            try {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
