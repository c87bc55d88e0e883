package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.AbstractBuild;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import io.jenkins.plugins.qwiet.redact.CopiedVariables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.RunAction2;
import org.springframework.security.access.AccessDeniedException;

/**
 * A build's record of its tokens. Not exported, so neither the page nor the REST view of a build shows it; safe on any
 * thread.
 */
public class BuildTokens extends InvisibleAction implements RunAction2, EnvironmentContributingAction {
    /** Replaced, never changed: Jenkins writes it to disk at any moment, also while another thread adds to it. */
    private volatile List<TokenRecord> tokens = new ArrayList<>();

    private transient Run<?, ?> run;
    /** Its listeners are on their way, and Jenkins may still call it building. */
    private transient volatile boolean over;
    /** What it hides since then; null for nothing. Written nowhere: after a restart, it prints nothing more. */
    private transient volatile List<TokenRecord> printable;

    /**
     * Lines that nobody holds any more, though their tokens may not be gone yet; null for none. Replaced, never changed; on
     * disk too, or a restart would bring them back.
     */
    private volatile Set<String> ended;

    private SaidOnce said;

    /** The record of a build; empty if it never had a token. */
    @NonNull
    public static Optional<BuildTokens> of(@NonNull Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(BuildTokens.class));
    }

    /** What its build remembers of a lease's token; empty if it does not, or if the reader may not see that build. */
    @NonNull
    public static Optional<TokenRecord> recordOf(@NonNull Lease lease) {
        try {
            Run<?, ?> run = Run.fromExternalizableId(lease.buildId());
            return run == null
                    ? Optional.empty()
                    : of(run).flatMap(tokens -> tokens.getTokens().stream()
                            .filter(token -> token.nonce().equals(lease.nonce()))
                            .findFirst());
        } catch (IllegalArgumentException | AccessDeniedException e) {
            return Optional.empty();
        }
    }

    static BuildTokens ofOrNew(Run<?, ?> run) {
        // A lock of our own kind: two parallel branches may mint the first tokens of a build at once.
        synchronized (BuildMask.of(run)) {
            return of(run).orElseGet(() -> {
                var made = new BuildTokens();
                run.addAction(made);
                return made;
            });
        }
    }

    /** All of them, the oldest first. */
    @NonNull
    public List<TokenRecord> getTokens() {
        return List.copyOf(tokens);
    }

    /** Those that later steps of the running build see, the oldest first. */
    @NonNull
    List<TokenRecord> seen() {
        return tokens.stream().filter(TokenRecord::isSeen).toList();
    }

    /** Those that are not known to be dead, whoever sees them. */
    @NonNull
    List<Secret> values() {
        return tokens.stream().map(TokenRecord::value).filter(Objects::nonNull).toList();
    }

    /** From here on the token is hidden in the build's log, so this comes before anybody is shown it. */
    void add(TokenRecord record) {
        // A mint may be through when its build, aborted meanwhile, is over.
        boolean late = !RunningBuilds.isOn(run);
        changing(list -> list.add(late ? record.forget() : record));
        if (record.use() == Use.COMING) {
            // No node of a Pipeline follows, and a killed Jenkins has to hide it afterwards.
            BuildSaves.now(run);
        } else {
            BuildSaves.soon(run);
        }
    }

    /**
     * Lets later steps of the build see a token that is recorded already.
     *
     * @param before what its variables held so far, from which it takes them
     * @return the ones of which it takes the variable, the oldest first
     */
    @NonNull
    List<TokenRecord> bind(IssuedToken token, Before before) {
        var branches = Branches.of(run);
        List<TokenRecord> older = new ArrayList<>();
        changing(list -> older.addAll(TokenChanges.bind(list, token, before, branches)));
        BuildSaves.now(run);
        return older;
    }

    /** Nobody wants it: those of which it took the variable have that again, but for what was over meanwhile. */
    void unbind(String lineId) {
        var branches = Branches.of(run);
        changing(list -> TokenChanges.unbind(list, lineId, branches, ended()));
        BuildSaves.now(run);
    }

    /** Lets go of tokens for the rest of the build that only branches saw which are through by now. */
    void settle() {
        if (seen().size() > 1) {
            var branches = Branches.of(run);
            changing(list -> TokenChanges.supersede(list, branches));
        }
    }

    /**
     * Lets a token take the place of the one of its line that is current. That one is good for what was started with it.
     *
     * @return false if nobody holds the line any more
     */
    boolean succeed(String nonce) {
        var done = new boolean[1];
        changing(list -> done[0] = TokenChanges.succeed(list, nonce, ended()));
        BuildSaves.now(run);
        return done[0];
    }

    /**
     * From now on nothing takes the place of a token of these lines.
     *
     * @param byPipeline whether a node of it follows, with which the build is saved
     */
    void end(Collection<String> lineIds, boolean byPipeline) {
        synchronized (this) {
            // Of what is gone nobody asks any more; a build of many blocks does not remember them all.
            Set<String> now = new TreeSet<>(lineIds);
            tokens.stream()
                    .filter(each -> each.value() != null && isEnded(each.lineId()))
                    .forEach(each -> now.add(each.lineId()));
            ended = now;
            // What the next step finds in its variables is not this, however long Qwiet takes to revoke it.
            tokens = tokens.stream()
                    .map(each -> each.use() == Use.HELD && now.contains(each.lineId()) ? each.in(Use.OVER) : each)
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        if (byPipeline) {
            BuildSaves.soon(run);
        } else {
            BuildSaves.now(run);
        }
    }

    boolean isEnded(String lineId) {
        return ended().contains(lineId);
    }

    private Set<String> ended() {
        Set<String> known = ended;
        return known == null ? Set.of() : known;
    }

    /** Those of a line that are not known to be dead, the oldest first. */
    List<TokenRecord> line(String lineId) {
        return tokens.stream()
                .filter(each -> each.value() != null && each.lineId().equals(lineId))
                .toList();
    }

    /**
     * Notes that there is no such token any more. One whose place another took is not remembered longer than that, so that
     * the record of a build does not grow with its age; but one that outlived the build is.
     *
     * @return what is remembered of it; null if nothing is
     */
    @CheckForNull
    TokenRecord gone(String nonce, Instant now) {
        var remembered = new TokenRecord[1];
        boolean on = RunningBuilds.isOn(run);
        changing(list -> {
            boolean outlived = !on && list.stream().allMatch(each -> each.use() == Use.OVER);
            remembered[0] = TokenChanges.gone(list, nonce, now, outlived);
        });
        BuildSaves.later(run);
        return remembered[0];
    }

    /** The one that whoever holds the line gets now; empty if its use is over. */
    @NonNull
    Optional<TokenRecord> current(String lineId) {
        return TokenChanges.current(tokens, lineId);
    }

    boolean hasCurrent() {
        return tokens.stream().anyMatch(TokenRecord::isCurrent);
    }

    /** Null if it is the value of no token of the build. */
    @CheckForNull
    TokenRecord withValue(String value) {
        return TokenChanges.withValue(tokens, value).orElse(null);
    }

    /** A step holds a copy of a token: as long as one does, it is recognized. */
    void askedFor(TokenRecord of, String value) {
        if (of.line().isAmongTheOld(Marks.of(value))) {
            changing(list -> TokenChanges.asked(list, of.lineId(), value));
        }
    }

    @NonNull
    synchronized SaidOnce said() {
        if (said == null) {
            said = new SaidOnce();
        }
        return said.in(run);
    }

    /** What a block shows in a variable of this token; null if that is not known. */
    @CheckForNull
    String shownInBlock(String lineId, String variable, @CheckForNull String there) {
        return WhoseWord.inBlock(run, this, lineId, variable, there);
    }

    /** Answers with the values while the build runs, so that {@code env.NAME} of a Pipeline sees them too. */
    @Override
    public void buildEnvironment(@NonNull Run<?, ?> of, @NonNull EnvVars env) {
        if (run == null || over || !RunningBuilds.isOn(run)) {
            return;
        }
        GoneTokens.drop(of, this, env);
        CopiedVariables.replaceAll(of, text -> TokenCopies.current(this, text));
        ApiHostVariable.fill(of, env);
        new Owners(getTokens())
                .shown(of instanceof AbstractBuild, JenkinsLeases.get().clock().instant())
                .forEach((variable, value) -> StepVariables.put(env, variable, value));
    }

    void change(String nonce, UnaryOperator<TokenRecord> change) {
        changing(list -> list.replaceAll(each -> each.nonce().equals(nonce) ? change.apply(each) : each));
        BuildSaves.later(run);
    }

    /**
     * Leaves what is active to builds that this one started. Before it is forgotten here: after a restart, what is not yet known
     * there would be hidden nowhere.
     *
     * @return completes, on any thread, when they would know it after a restart too, or that cannot be
     */
    @NonNull
    CompletableFuture<Void> leave() {
        return BuildMask.of(run)
                .leave(texts(Stream.concat(tokens.stream(), stillPrintable()).filter(this::mayBeLive)));
    }

    /**
     * The build is over: nobody is shown a value any more. But a token may live, after an outage or because nobody revokes it, and
     * there are post-build actions that print, or start another build with what they print, from here on.
     */
    void forgetValues() {
        over = true;
        ended = null;
        printable = tokens.stream().filter(each -> each.value() != null).toList();
        changing(list -> list.replaceAll(TokenRecord::over));
        TokenLines.forget(this, tokens);
        if (run instanceof AbstractBuild) {
            BuildSaves.now(run);
        } else {
            forgetMarks();
        }
    }

    /** From here on nothing prints or starts a process: of a freestyle build, post-build actions may do so up to then. */
    void printsNoMore() {
        // Post-build actions may have started others.
        leave();
        synchronized (this) {
            printable = null;
            remask();
        }
        if (run instanceof AbstractBuild) {
            forgetMarks();
        }
    }

    private Stream<TokenRecord> stillPrintable() {
        List<TokenRecord> still = printable;
        return still == null ? Stream.of() : still.stream();
    }

    private boolean mayBeLive(TokenRecord then) {
        return tokens.stream().anyMatch(now -> now.nonce().equals(then.nonce()) && now.mayBeLive());
    }

    private static List<SecretText> texts(Stream<TokenRecord> records) {
        return records.map(TokenRecord::value)
                .filter(Objects::nonNull)
                .map(Secret::getPlainText)
                .map(SecretText::of)
                .distinct()
                .toList();
    }

    private void forgetMarks() {
        synchronized (this) {
            said = null;
        }
        changing(list -> list.replaceAll(TokenRecord::forget));
        BuildSaves.now(run);
    }

    private void changing(Consumer<List<TokenRecord>> change) {
        synchronized (this) {
            var changed = new ArrayList<>(tokens);
            change.accept(changed);
            tokens = changed;
            TokenLines.know(this, changed);
            // Under the same lock, or an older list might be the last to arrive there.
            remask();
        }
    }

    private void remask() {
        BuildMask mask = BuildMask.of(run);
        mask.hide(texts(Stream.concat(tokens.stream(), stillPrintable())));
        // Those who bind one have waited for this already; agents of a resumed build, and a successor, are told here.
        tokens.stream()
                .filter(TokenRecord::mayBeSeen)
                .map(TokenRecord::value)
                .filter(Objects::nonNull)
                .forEach(value -> mask.tellAgents(SecretText.of(value.getPlainText())));
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public synchronized void onLoad(Run<?, ?> r) {
        run = r;
        remask();
        TokenLines.know(this, tokens);
        LostLeases.findLater(r, this);
        tokens.stream()
                .filter(each -> each.isCurrent() || each.mayBeSeen())
                .forEach(each -> Renewals.get().hold(r, this, each, null));
    }
}
