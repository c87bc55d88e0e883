package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.remoting.Channel;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must be hidden in one build's log at this moment: the tokens that the build holds, those of builds that
 * started it, and those of others that stand in what it was given. A log that was opened before a token was minted hides it too, because it looks here at every
 * write; an agent that writes a log of its own is {@linkplain ToldAgents told}. Safe on any thread.
 *
 * <p>A build may come by a token of a build that started it in any way, so it hides all that such a build holds. Besides, its
 * parameters and causes are compared with the tokens that builds hold at this moment, whoever started it: not each build that hands
 * one on is among the causes. When it is scheduled, also with those that builds were given which are on: such a token may live longer
 * than its holder. While no build holds or was given a token, that is nothing.
 */
public final class BuildMask {
    private static final HeldTokens HELD = new HeldTokens();

    /** Those of builds that print and were given parameters. */
    private static final Set<BuildMask> GIVEN =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final ToldAgents agents;
    /** By the holder. */
    private final Map<BuildMask, List<SecretText>> handed = new WeakHashMap<>();

    /** Refers to nothing if that is not loaded. */
    private volatile Reference<Run<?, ?>> run = new WeakReference<>(null);

    /** Of the build that its build is a part of, as a cell is of a matrix; null for most. */
    private volatile BuildKey whole;

    /** Of before its build was loaded; that knows. */
    private final BuildKey unloaded;

    /** What its build was given when it was scheduled, as long as that is on: it may hand it on though the holder is over. */
    private volatile List<SecretText> mayHandOn = List.of();

    private volatile GivenParameters given = GivenParameters.NONE;
    private volatile StartedBy startedBy = StartedBy.NOBODY;
    private volatile Hidden now;

    /**
     * What is hidden at one moment.
     *
     * @param own what the build holds itself
     * @param all that, and what it was handed
     * @param mask of all
     */
    private record Hidden(List<SecretText> own, List<SecretText> all, Mask mask) {}

    BuildMask(@NonNull Run<?, ?> run) {
        this((BuildKey) null, run.getCharset());
        loaded(run);
    }

    /** Of a build that is not loaded yet. */
    BuildMask(@CheckForNull BuildKey key, @NonNull Charset charset) {
        this.unloaded = key;
        this.agents = new ToldAgents(charset);
        this.now = new Hidden(List.of(), List.of(), Mask.of(List.of(), charset));
    }

    final void loaded(@NonNull Run<?, ?> loaded) {
        run = new WeakReference<>(loaded);
        whole = BuildKey.ofWhole(loaded);
    }

    /** Null if its build is no longer in memory. */
    @CheckForNull
    BuildKey key() {
        Run<?, ?> known = run.get();
        return known == null ? unloaded : BuildKey.of(known);
    }

    /** Known as soon as its build prints, and as long as that is in memory. */
    @NonNull
    StartedBy startedBy() {
        return startedBy;
    }

    /** Whether its build holds a token itself. */
    boolean holds() {
        return !now.own.isEmpty();
    }

    /** The mask of a build: the same one for the same build, as long as anybody holds it. */
    @NonNull
    public static BuildMask of(@NonNull Run<?, ?> run) {
        return KnownBuilds.mask(run);
    }

    /** The mask of a build that is about to print. Throws nothing and loads nothing: most builds have no token at all. */
    @NonNull
    static BuildMask ofPrinting(@NonNull Run<?, ?> run) {
        BuildMask mask = of(run);
        GivenParameters parameters = GivenParameters.of(run);
        boolean isNew = mask.startedBy.isNobody();
        StartedBy startedBy = isNew ? StartedBy.of(run) : mask.startedBy;
        if (isNew) {
            GivenTokens.receive(run);
        }
        // Mostly they are the same as when its last log was opened.
        List<SecretText> tokens = GivenTokens.of(run);
        if (!parameters.areSame(mask.given)
                || isNew && !startedBy.isNobody()
                || !tokens.isEmpty() && !mask.wasHanded()) {
            mask.given = parameters;
            mask.hideGiven(tokens);
            mask.startedBy = startedBy;
            // First this: whoever comes to hold a token from here on looks here by himself.
            GIVEN.add(mask);
            if (anyHidesAnything()
                    && (mask.wasHanded()
                            || startedBy.includesBuilds()
                            || mask.givenTexts().stream().anyMatch(HELD::anyIn))) {
                HELD.forEach(mask::lookFor);
            }
        }
        return mask;
    }

    /** What it was given when it was scheduled, or left by a build that started it: whether or not its holder is known. */
    synchronized void hideGiven(Collection<SecretText> more) {
        if (!more.isEmpty()) {
            List<SecretText> tokens = Stream.concat(handed.getOrDefault(this, List.of()).stream(), more.stream())
                    .distinct()
                    .toList();
            handed.put(this, tokens);
            update(now.own);
            mayHandOn = tokens;
            HELD.changed(this, true);
            // Nobody knows which step is going to read it from where.
            tokens.forEach(agents::tellAll);
        }
    }

    /** All that others hold, and that it hides besides its own. */
    @NonNull
    synchronized List<SecretText> handed() {
        return handed.values().stream().flatMap(List::stream).distinct().toList();
    }

    private synchronized boolean wasHanded() {
        return !handed.isEmpty();
    }

    /** What stands in its parameters and in why it was started, if it prints. */
    @NonNull
    List<String> givenTexts() {
        return Stream.concat(given.texts().stream(), startedBy.texts().stream()).toList();
    }

    /**
     * Nothing new can be handed to it, and it hands nothing on; what it was handed is hidden in its records for as long as somebody
     * holds it.
     */
    synchronized void printsNoMore() {
        if (!mayHandOn.isEmpty()) {
            mayHandOn = List.of();
            HELD.changed(this, holds());
        }
        if (handed.keySet().stream().allMatch(this::equals)) {
            given = GivenParameters.NONE;
            GIVEN.remove(this);
        }
    }

    /** From here on hides these and no others, apart from those that it was handed; agents forget the others. */
    public void hide(@NonNull Collection<SecretText> secrets) {
        synchronized (this) {
            List<SecretText> own = List.copyOf(secrets);
            if (own.equals(now.own)) {
                return;
            }
            update(own);
            HELD.changed(this, !own.isEmpty() || !mayHandOn.isEmpty());
        }
        List<BuildMask> others;
        synchronized (GIVEN) {
            others = List.copyOf(GIVEN);
        }
        // Without a lock: each takes its own.
        others.forEach(each -> each.lookFor(this));
    }

    /**
     * Its build is over. What is active may be in the hands of builds that it started, which hide it from here on until they are
     * over.
     *
     * @return completes, on any thread, when they would know it after a restart too, or that cannot be
     */
    @NonNull
    public CompletableFuture<Void> leave(@NonNull Collection<SecretText> active) {
        return active.isEmpty() ? CompletableFuture.completedFuture(null) : GivenTokens.leave(key(), whole, active);
    }

    /** Hides what a holder that started it holds, or what of it stands in what it was given; and no longer what does not. */
    private void lookFor(BuildMask holder) {
        if (holder != this) {
            synchronized (this) {
                Hidden held = holder.now;
                // What a whole build starts may come by what its parts hold.
                boolean startedThis =
                        startedBy.includesBuilds() && (startedBy.isBy(holder.key()) || startedBy.isBy(holder.whole));
                List<SecretText> found =
                        startedThis || held.own.isEmpty() ? held.own : recognized(held.own, held.mask, givenTexts());
                if (found.isEmpty()) {
                    handed.remove(holder);
                } else {
                    handed.put(holder, found);
                }
                update(now.own);
                if (startedThis) {
                    // Nobody knows which step is going to read it from where.
                    found.forEach(agents::tellAll);
                }
            }
        }
    }

    private void update(List<SecretText> own) {
        Hidden before = now;
        var each = new LinkedHashSet<>(own);
        handed.values().forEach(each::addAll);
        var all = List.copyOf(each);
        boolean isSame = all.equals(before.all);
        now = new Hidden(own, all, isSame ? before.mask : before.mask.with(all));
        if (!isSame) {
            agents.retain(all);
        }
    }

    /** Whether any build holds a token, or was given one. */
    static boolean anyHidesAnything() {
        return !HELD.isEmpty();
    }

    /** The tokens that any build holds or was given which stand in a text, in any form. */
    @NonNull
    static Set<SecretText> anyIn(@NonNull String text) {
        return HELD.in(text);
    }

    /** Whether a token that any build holds or was given stands in a text. */
    static boolean anyReveals(@NonNull String text) {
        return HELD.anyIn(text);
    }

    /** What it holds itself, and what it may hand on, each with a mask that hides it. */
    void forEachToHandOn(@NonNull BiConsumer<SecretText, Mask> action) {
        Collection<SecretText> given = mayHandOn;
        Hidden hidden = now;
        Stream.concat(hidden.own.stream(), given.stream()).forEach(secret -> action.accept(secret, hidden.mask));
    }

    /** What is hidden at this moment. */
    @NonNull
    public Mask mask() {
        return now.mask;
    }

    /** What of it stands in some texts, in any form. */
    @NonNull
    List<SecretText> standingIn(@NonNull Collection<String> texts) {
        Hidden hidden = now;
        return recognized(hidden.all, hidden.mask, texts);
    }

    private static List<SecretText> recognized(List<SecretText> secrets, Mask mask, Collection<String> texts) {
        Set<SecretText> found =
                texts.stream().flatMap(text -> mask.revealedBy(text).stream()).collect(Collectors.toSet());
        return found.isEmpty()
                ? List.of()
                : secrets.stream().filter(found::contains).toList();
    }

    /**
     * Tells every agent that writes a log of this build what from here on any step may print, before any can. Waits for
     * nobody.
     *
     * @return the names of those agents that do not know it; comes within {@value ToldAgents#LONGEST_WAIT_SECONDS} seconds,
     *     and never with an exception
     */
    @NonNull
    public CompletableFuture<List<String>> tellAgents(@NonNull SecretText secret) {
        return agents.tellAll(secret);
    }

    /**
     * As {@link #tellAgents}, of what takes the place of others in the same hands: only those agents are told that know one of
     * the others. Any other is told when a step that sees it comes there.
     */
    @NonNull
    public CompletableFuture<List<String>> tellAgentsThatKnow(
            @NonNull Collection<SecretText> others, @NonNull SecretText secret) {
        return agents.tellWhoKnows(others, secret);
    }

    /** The agent prints for steps that have these secrets before their eyes. */
    void reaches(@NonNull Channel agent, @NonNull Collection<SecretText> secrets) {
        agents.reaches(agent, secrets);
    }

    /** What an agent has to know that is going to write a log; from here on it is told whenever that changes. */
    @NonNull
    AgentMask.Update tellFromNowOn(@NonNull Channel agent) {
        return agents.tellFromNowOn(agent);
    }

    /** For tests: nobody holds anything, as in another process. */
    static void forgetAll() {
        KnownBuilds.forgetAll();
        GivenTokens.forgetAll();
        GIVEN.clear();
        HELD.forEach(each -> HELD.changed(each, false));
    }

    /** What every agent has to know. */
    @NonNull
    AgentMask.Update forAnybody() {
        return agents.forAnybody();
    }
}
