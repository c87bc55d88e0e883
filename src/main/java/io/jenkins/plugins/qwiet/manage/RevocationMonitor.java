package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;

/** Warns administrators when tokens cannot be revoked, their leases cannot be stored, or the clock is wrong. */
@Extension
@Symbol("qwietRevocations")
public class RevocationMonitor extends AdministrativeMonitor {
    /** A shorter outage ends before anybody could do something about it. */
    static final Duration BEARABLE = Duration.ofMinutes(15);

    private static final int MOST_CAUSES = 5;

    /** Leases that cannot be stored are tried again then, and the disk with them. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Clock clock;
    private final Source source;

    /** What the last look found. */
    private volatile Look look;

    public RevocationMonitor() {
        this(Clock.systemUTC(), new OfJenkins());
    }

    RevocationMonitor(Clock clock, Source source) {
        this.clock = clock;
        this.source = source;
    }

    /** The one of this Jenkins. */
    static RevocationMonitor get() {
        return ExtensionList.lookupSingleton(RevocationMonitor.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.RevocationMonitor_displayName();
    }

    @Override
    public boolean isSecurity() {
        return true;
    }

    @Override
    public boolean isActivated() {
        return !getProblems().isEmpty()
                || !getSkew().isEmpty()
                || !look().failing().isEmpty();
    }

    /** The most frequent causes, as the user of the calling thread may see them. */
    @NonNull
    public List<Trouble> getTroubles() {
        return troubles().stream().limit(MOST_CAUSES).toList();
    }

    /** The leases that have been failing too long. */
    List<Lease> failing() {
        return look().failing();
    }

    /** How many causes there are besides. */
    public int getMore() {
        return Math.max(0, troubles().size() - MOST_CAUSES);
    }

    /** Administrators see nearly every page, so theirs are known; for others they are put together anew. */
    private List<Trouble> troubles() {
        Look now = look();
        return source.seesAll() ? now.troubles() : Trouble.of(source.show(now.failing()));
    }

    /** What is wrong where leases are kept: a sentence or two each; empty if nothing is. */
    @NonNull
    public List<String> getProblems() {
        String unusable = look().unusable();
        return unusable == null ? source.warnings() : List.of(unusable);
    }

    /** That the clocks of Qwiet and of this Jenkins differ too much; empty if they do not. */
    @NonNull
    public String getSkew() {
        return Util.fixNull(QwietConnections.get().skew());
    }

    /** The page that shows more, below the root of Jenkins. */
    @NonNull
    public String getPage() {
        return "manage/" + OpenTokensLink.URL + "/";
    }

    @Override
    public void checkRequiredPermission() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
    }

    @Override
    public boolean hasRequiredPermission() {
        return Jenkins.get().hasPermission(Jenkins.SYSTEM_READ);
    }

    /**
     * Every page that an administrator opens asks, and there may be many leases, or a disk that does not answer: so this
     * looks anew when the janitor has swept; and if the leases cannot be stored, when they can, or after a minute.
     */
    private Look look() {
        Look last = look;
        if (last == null || isOver(last)) {
            last = lookNow();
            look = last;
        }
        return last;
    }

    private boolean isOver(Look last) {
        if (last.unusable() != null) {
            Instant now = clock.instant();
            return source.isOpen()
                    || now.isBefore(last.at())
                    || !now.isBefore(last.at().plus(AGAIN));
        }
        try {
            return source.lastSweep() != last.after();
        } catch (AbortException e) {
            return true;
        }
    }

    private Look lookNow() {
        Instant now = clock.instant();
        try {
            Object after = source.lastSweep();
            List<Lease> failing = Trouble.failing(source.leases(), now.minus(BEARABLE));
            return new Look(now, after, null, failing, Trouble.of(failing));
        } catch (AbortException e) {
            return new Look(now, null, e.getMessage(), List.of(), List.of());
        }
    }

    /**
     * @param unusable why leases cannot be stored; null if they can
     * @param failing the leases that have been failing too long
     * @param troubles why, with all names
     */
    private record Look(
            Instant at,
            @CheckForNull Object after,
            @CheckForNull String unusable,
            List<Lease> failing,
            List<Trouble> troubles) {}

    /** Where it looks; throws if leases cannot be stored, with a sentence that says why. */
    interface Source {
        /** Another object after each sweep; null before the first. */
        @CheckForNull
        Object lastSweep() throws AbortException;

        Collection<Lease> leases() throws AbortException;

        /** Whether nothing is kept from the user of the calling thread. */
        default boolean seesAll() {
            return true;
        }

        /** As the user of the calling thread may see them. */
        default List<Lease> show(List<Lease> leases) {
            return leases;
        }

        /** Whether leases can be stored, as far as is known; waits for nothing. */
        default boolean isOpen() {
            return false;
        }

        /** What is wrong where leases are kept though they can be stored, in sentences; waits for nothing. */
        default List<String> warnings() {
            return List.of();
        }
    }

    private static final class OfJenkins implements Source {
        @Override
        public Object lastSweep() throws AbortException {
            return JenkinsLeases.get().janitor().last().orElse(null);
        }

        @Override
        public Collection<Lease> leases() throws AbortException {
            return JenkinsLeases.get().leasing().store().leases();
        }

        @Override
        public boolean seesAll() {
            return new Reader().seesAll();
        }

        @Override
        public List<Lease> show(List<Lease> leases) {
            return new Reader().show(leases);
        }

        @Override
        public boolean isOpen() {
            return JenkinsLeases.get().isOpen();
        }

        @Override
        public List<String> warnings() {
            return StoreWarnings.now();
        }
    }

    /**
     * Why tokens could not be revoked: plain text, which the page has to escape.
     *
     * @param cause the last error
     * @param tokens how many tokens it keeps alive
     * @param since when the one that has been failing longest began to fail
     */
    public record Trouble(
            @NonNull String cause, int tokens, @NonNull String since) {
        private static final int LONGEST = 300;

        /** What differs from token to token although the cause is the same. */
        private static final Pattern ID =
                Pattern.compile("(?i)\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b|[0-9a-f]{24,}");

        /** Each distinct cause once, the most frequent first, of leases that have been failing since then or longer. */
        static List<Trouble> of(Collection<Lease> leases, Instant since) {
            return of(failing(leases, since));
        }

        /** Those that have been failing since then or longer. */
        private static List<Lease> failing(Collection<Lease> leases, Instant since) {
            return leases.stream()
                    .filter(lease -> lease.failingSince() != null
                            && !lease.failingSince().isAfter(since))
                    .toList();
        }

        private static List<Trouble> of(List<Lease> failing) {
            return failing.stream().collect(Collectors.groupingBy(Trouble::causeOf)).entrySet().stream()
                    .map(entry -> of(entry.getKey(), entry.getValue()))
                    .sorted(Comparator.comparing(Trouble::tokens).reversed().thenComparing(Trouble::cause))
                    .toList();
        }

        private static Trouble of(String cause, List<Lease> leases) {
            Instant since = leases.stream()
                    .map(Lease::failingSince)
                    .min(Instant::compareTo)
                    .orElseThrow();
            return new Trouble(cause, leases.size(), DisplayTime.text(since));
        }

        private static String causeOf(Lease lease) {
            String error = lease.lastError();
            return error == null ? Messages.RevocationMonitor_unknown() : withoutIds(error);
        }

        /** What many tokens have in common, fit to show. */
        @NonNull
        static String withoutIds(@NonNull String error) {
            return DisplayText.line(ID.matcher(error).replaceAll("…"), LONGEST);
        }
    }
}
