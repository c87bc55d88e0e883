package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.grant.Await;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What administrators asked for: the pages that they see while it goes on say how it fares, and what became of it is said once,
 * by the page to which the act leads, and by those that say meanwhile that it goes on. Where that page was left, the next one
 * says it. Of several tabs of a browser none takes what another is waiting for. Safe on any thread.
 */
final class OngoingActs {
    /** In the address to which an act leads. */
    static final String ACT = "act";
    /** What a page asks for when it looks again: the acts of which it says that they go on. */
    static final String AWAITED = "awaited";
    /** And those of which it says what became of them, which are not to vanish before somebody has read that. */
    static final String SHOWN = "shown";

    private static final Logger LOGGER = Logger.getLogger(OngoingActs.class.getName());

    /** So that the page that follows shows the outcome, if there is one by then. */
    private static final long LONGEST_WAIT_SECONDS = 5;

    /** By then the page to which an act leads has asked for it, if it is still there: it does that every other second. */
    private static final long LEFT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Of those that are over: whose browser asks no more does not ask for its outcome either. */
    private static final int MOST = 100;

    private static final String KEY = OngoingActs.class.getName();

    /** Says what can be said of an act. */
    interface Words {
        /** @param over when that was; null while it goes on */
        @NonNull
        Notice at(@CheckForNull Instant over);
    }

    private static final class Act {
        private final String id = UUID.randomUUID().toString();
        private final CompletableFuture<?> work;
        private final Words words;
        private final CompletableFuture<Instant> over;
        private volatile long overSince;
        private boolean told;

        Act(CompletableFuture<?> work, Words words) {
            this.work = work;
            this.words = words;
            over = work.handle((result, problem) -> {
                overSince = System.nanoTime();
                return Clock.systemUTC().instant();
            });
        }

        Notice notice() {
            Notice notice = work.isCompletedExceptionally()
                    ? new Notice(Messages.Acts_notDone(), false)
                    : words.at(over.getNow(null));
            return notice.of(id);
        }

        /** Whether a page has to say something of it, which then may be told. */
        boolean concerns(Set<String> leadsHere, Set<String> onPage) {
            if (onPage.contains(id) || !over.isDone()) {
                return true;
            }
            return !told && (leadsHere.contains(id) || System.nanoTime() - overSince > LEFT_NANOS);
        }
    }

    private final Map<String, Act> acts = new LinkedHashMap<>();

    /**
     * Waits a while for the end of an act, so that the page that follows says what became of it.
     *
     * @return by what that page knows it
     */
    @NonNull
    String leave(@NonNull StaplerRequest2 request, @NonNull CompletableFuture<?> work, @NonNull Words words) {
        await(work);
        var act = new Act(work, words);
        HttpSession session = request.getSession();
        synchronized (acts) {
            acts.put(act.id, act);
            forgetSome();
            session.setAttribute(
                    KEY,
                    new ArrayList<>(Stream.concat(ids(session).stream(), Stream.of(act.id))
                            .toList()));
        }
        return act.id;
    }

    /** The same of an act that is over. */
    @NonNull
    String leave(@NonNull StaplerRequest2 request, @NonNull Notice notice) {
        return leave(request, CompletableFuture.completedFuture(null), over -> notice);
    }

    private void forgetSome() {
        List<String> over = acts.values().stream()
                .filter(act -> act.over.isDone())
                .map(act -> act.id)
                .toList();
        over.stream().limit(Math.max(0, over.size() - MOST)).forEach(acts::remove);
    }

    private List<String> ids(HttpSession session) {
        return session.getAttribute(KEY) instanceof List<?> ids
                ? ids.stream().map(String.class::cast).filter(acts::containsKey).toList()
                : List.of();
    }

    private static void await(CompletableFuture<?> work) {
        try {
            Await.atMost(LONGEST_WAIT_SECONDS, work);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Could not do what an administrator asked for", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is to be said on the page that a request is for. */
    @NonNull
    List<Notice> take(@NonNull StaplerRequest2 request) {
        HttpSession session = request.getSession(false);
        Set<String> leadsHere = values(request, ACT);
        Set<String> awaited = values(request, AWAITED);
        Set<String> onPage = new HashSet<>(awaited);
        onPage.addAll(values(request, SHOWN));
        List<Notice> notices = new ArrayList<>();
        synchronized (acts) {
            List<String> known = session == null ? List.of() : ids(session);
            if (!known.containsAll(awaited)) {
                notices.add(new Notice(Messages.OngoingActs_forgotten(), false));
            }
            for (String id : known) {
                Act act = acts.get(id);
                if (act.concerns(leadsHere, onPage)) {
                    Notice notice = act.notice();
                    notices.add(notice);
                    act.told |= !notice.goesOn();
                }
            }
        }
        return notices;
    }

    private static Set<String> values(StaplerRequest2 request, String parameter) {
        String[] values = request.getParameterValues(parameter);
        return values == null ? Set.of() : Set.copyOf(Arrays.asList(values));
    }
}
