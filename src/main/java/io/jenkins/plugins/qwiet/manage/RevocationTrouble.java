package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Why tokens could not be revoked: a cause, and how many it keeps alive. Texts are still to be escaped. */
public final class RevocationTrouble {
    /** What differs from token to token though the cause is the same. */
    private static final Pattern ID =
            Pattern.compile("(?i)\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b|[0-9a-f]{24,}");

    private static final int LONGEST = 300;

    private final String cause;
    private final List<Lease> leases;

    private RevocationTrouble(String cause, List<Lease> leases) {
        this.cause = cause;
        this.leases = leases;
    }

    /** Each distinct cause once, the most frequent first, of leases that have been failing since then or longer. */
    static List<RevocationTrouble> of(Collection<Lease> leases, Instant since) {
        return leases.stream()
                .filter(lease ->
                        lease.failingSince() != null && !lease.failingSince().isAfter(since))
                .collect(Collectors.groupingBy(RevocationTrouble::cause))
                .entrySet()
                .stream()
                .map(entry -> new RevocationTrouble(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(RevocationTrouble::getTokens)
                        .reversed()
                        .thenComparing(RevocationTrouble::getCause))
                .toList();
    }

    private static String cause(Lease lease) {
        String error = lease.lastError();
        return error == null
                ? Messages.RevocationTrouble_unknown()
                : DisplayText.line(ID.matcher(error).replaceAll("…"), LONGEST);
    }

    @NonNull
    public String getCause() {
        return cause;
    }

    /** How many. */
    public int getTokens() {
        return leases.size();
    }

    /** Of the one that has been failing longest. */
    @NonNull
    public String getSince() {
        return DisplayTime.text(
                leases.stream().map(Lease::failingSince).min(Instant::compareTo).orElseThrow());
    }
}
