package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.RunAction2;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.springframework.security.access.AccessDeniedException;

/**
 * A build's record of its tokens. Not exported, so neither the page nor the REST view of a build shows it; safe on any
 * thread.
 */
public class BuildTokens extends InvisibleAction implements RunAction2, EnvironmentContributingAction {
    private static final Logger LOGGER = Logger.getLogger(BuildTokens.class.getName());

    /** Where the line of a token is: an environment of a Pipeline knows only its token, not its build. */
    private static final Map<String, BuildTokens> BY_LINE = new ConcurrentHashMap<>();

    /** Replaced, never changed: Jenkins writes it to disk at any moment, also while another thread adds to it. */
    private volatile List<TokenRecord> tokens = new ArrayList<>();

    private transient Run<?, ?> run;

    /** Lines that nobody holds any more, though their tokens may not be gone yet. */
    private transient Set<String> ended;

    /** Variables of which the log says already that something else stands in them. */
    private transient Set<String> overridden;

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
        boolean late = !run.isBuilding() && !run.isLogUpdated();
        changing(list -> list.add(late ? record.forget() : record));
        if (record.use() == Use.COMING) {
            // No node of a Pipeline follows, and a killed Jenkins has to hide it afterwards.
            save();
        } else {
            saveUnlessPipelineDoes();
        }
    }

    /**
     * Lets later steps of the build see a token that is recorded already.
     *
     * @param before the values that its variables held so far, from which it takes them
     * @return the ones of which it takes the variable, the oldest first
     */
    @NonNull
    List<TokenRecord> bind(IssuedToken token, List<String> before) {
        List<TokenRecord> older = new ArrayList<>();
        changing(list -> {
            var marks = new LinkedHashSet<String>();
            before.forEach(value -> marks.add(markOf(list, value)));
            list.replaceAll(each -> {
                if (each.isSeen() && each.holds(token.variable)) {
                    older.add(each);
                    marks.addAll(each.line().before());
                    return each.in(Use.SUPERSEDED);
                }
                return each;
            });
            list.replaceAll(each -> each.nonce().equals(token.nonce) ? each.bind(List.copyOf(marks)) : each);
        });
        save();
        return older;
    }

    /**
     * Lets a token take the place of the one of its line that is current. That one is good for what was started with it.
     *
     * @return false if nobody holds the line any more
     */
    boolean succeed(String nonce) {
        var done = new boolean[1];
        changing(list -> {
            TokenRecord coming = list.stream()
                    .filter(each -> each.nonce().equals(nonce) && each.use() == Use.COMING && each.value() != null)
                    .findFirst()
                    .orElse(null);
            if (coming == null || ended().contains(coming.lineId())) {
                return;
            }
            current(coming.lineId()).ifPresent(older -> {
                list.replaceAll(each -> each.nonce().equals(nonce)
                        ? each.in(older.use())
                        : each.nonce().equals(older.nonce()) && each.use() == Use.REST
                                ? each.in(Use.SUPERSEDED)
                                : each);
                done[0] = true;
            });
        });
        save();
        return done[0];
    }

    /** From now on nothing takes the place of a token of this line. */
    void end(String lineId) {
        synchronized (this) {
            ended().add(lineId);
        }
    }

    private Set<String> ended() {
        if (ended == null) {
            ended = new HashSet<>();
        }
        return ended;
    }

    boolean isEnded(String lineId) {
        synchronized (this) {
            return ended().contains(lineId);
        }
    }

    /** Those of a line that are not known to be dead, the oldest first. */
    List<TokenRecord> line(String lineId) {
        return tokens.stream()
                .filter(each -> each.value() != null && each.lineId().equals(lineId))
                .toList();
    }

    /**
     * Notes that there is no such token any more. One whose place another took is not remembered longer than that, so that
     * the record of a build does not grow with its age.
     *
     * @return what is remembered of it; null if nothing is
     */
    @CheckForNull
    TokenRecord gone(String nonce, Instant now) {
        var remembered = new TokenRecord[1];
        changing(list -> {
            list.removeIf(each -> each.nonce().equals(nonce)
                    && list.stream()
                            .anyMatch(other -> other.lineId().equals(each.lineId()) && other.number() > each.number()));
            list.replaceAll(each -> each.nonce().equals(nonce) ? each.gone(now) : each);
            list.stream().filter(each -> each.nonce().equals(nonce)).forEach(each -> remembered[0] = each);
        });
        saveUnlessPipelineDoes();
        return remembered[0];
    }

    private static String markOf(List<TokenRecord> list, String value) {
        return list.stream()
                .filter(each -> each.hasValue(value))
                .findFirst()
                .map(each -> Before.markOfLine(each.lineId()))
                .orElseGet(() -> Before.mark(value));
    }

    /** The one that whoever holds the line gets now; empty if its use is over. */
    @NonNull
    Optional<TokenRecord> current(String lineId) {
        return tokens.stream()
                .filter(each -> each.isCurrent() && each.lineId().equals(lineId))
                .reduce((older, newer) -> newer);
    }

    /** The value that whoever was given this token gets now. */
    @NonNull
    static Secret currentOf(IssuedToken token) {
        BuildTokens tokens = BY_LINE.get(token.nonce);
        return tokens == null
                ? token.value
                : tokens.current(token.nonce).map(TokenRecord::value).orElse(token.value);
    }

    boolean hasCurrent() {
        return tokens.stream().anyMatch(TokenRecord::isCurrent);
    }

    /** Null if it is the value of no token that may be alive. */
    @CheckForNull
    TokenRecord withValue(String value) {
        return tokens.stream().filter(each -> each.hasValue(value)).findFirst().orElse(null);
    }

    /** In no case is a token silently not used; but one line is enough. */
    void saysThatItIsOverridden(TokenRecord token, String variable) {
        synchronized (this) {
            if (overridden == null) {
                overridden = new HashSet<>();
            }
            if (!overridden.add(token.lineId() + variable)) {
                return;
            }
        }
        TokenLog.overridden(BuildLog.of(run), token, variable);
    }

    /** Answers with the values while the build runs, so that {@code env.NAME} of a Pipeline sees them too. */
    @Override
    public void buildEnvironment(@NonNull Run<?, ?> of, @NonNull EnvVars env) {
        if (run == null || !(run.isBuilding() || run.isLogUpdated())) {
            return;
        }
        for (TokenRecord token : seen()) {
            env.override(token.variable(), Secret.toString(token.value()));
            env.override(token.orgVariable(), token.orgId());
        }
    }

    void change(String nonce, UnaryOperator<TokenRecord> change) {
        changing(list -> list.replaceAll(each -> each.nonce().equals(nonce) ? change.apply(each) : each));
        saveUnlessPipelineDoes();
    }

    /** The build is over: no value is needed any more. */
    void forgetValues() {
        changing(list -> list.replaceAll(TokenRecord::forget));
        tokens.forEach(each -> BY_LINE.remove(each.lineId(), this));
        save();
    }

    private void changing(Consumer<List<TokenRecord>> change) {
        synchronized (this) {
            var changed = new ArrayList<>(tokens);
            change.accept(changed);
            tokens = changed;
            changed.stream().filter(TokenRecord::isCurrent).forEach(each -> BY_LINE.put(each.lineId(), this));
            // Under the same lock, or an older list might be the last to arrive there.
            remask();
        }
    }

    /**
     * Pipeline saves a running build with each node of its graph ({@code CpsFlowExecution.notifyListeners}), and one
     * follows a token's beginning or end at once. In a build of many tokens, saving it twice each would cost the most.
     * But nothing follows when Jenkins goes down, and what a build is told then would not be known afterwards.
     */
    private void saveUnlessPipelineDoes() {
        boolean pipelineGoesOn =
                run instanceof FlowExecutionOwner.Executable && run.isBuilding() && !Shutdown.hasBegun();
        if (!pipelineGoesOn) {
            save();
        }
    }

    private void save() {
        if (!run.getRootDir().isDirectory()) {
            return; // Deleted: saving it would bring it back.
        }
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save the tokens of " + run);
        }
    }

    private void remask() {
        BuildMask mask = BuildMask.of(run);
        mask.hide(
                values().stream().map(Secret::getPlainText).map(SecretText::of).toList());
        // Those who bind one have waited for this already; agents of a resumed build, and a successor, are told here.
        seen().stream()
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
        tokens.stream().filter(TokenRecord::isCurrent).forEach(each -> {
            BY_LINE.put(each.lineId(), this);
            Renewals.get().hold(r, this, each, null);
        });
    }

    /** Knows when Jenkins goes down, from before Pipelines are stopped for it; {@code Jenkins.isTerminating} is true later. */
    @Extension
    public static class Shutdown extends ItemListener {
        private volatile boolean begun;

        static boolean hasBegun() {
            return Jenkins.getInstanceOrNull() == null || ExtensionList.lookupSingleton(Shutdown.class).begun;
        }

        @Override
        public void onBeforeShutdown() {
            begun = true;
        }
    }
}
