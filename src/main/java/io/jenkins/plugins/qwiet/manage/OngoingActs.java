package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.grant.Await;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What administrators asked for and what goes on longer than a page waits: the pages that they see meanwhile say how it
 * fares, and the first one after it says what became of it. Safe on any thread.
 */
final class OngoingActs {
    private static final Logger LOGGER = Logger.getLogger(OngoingActs.class.getName());

    /** So that the page that follows shows the outcome, if there is one by then. */
    private static final long LONGEST_WAIT_SECONDS = 5;

    /** Whose browser asks no more does not ask for its outcome either. */
    private static final int MOST = 100;

    private static final String KEY = OngoingActs.class.getName();

    /** @param words what can be said, given whether it is over */
    private record Act(CompletableFuture<?> work, Function<Boolean, Notice> words) {
        boolean over() {
            return work.isDone();
        }

        Notice notice() {
            return work.isCompletedExceptionally()
                    ? new Notice(Messages.Acts_notDone(), false)
                    : words.apply(work.isDone());
        }
    }

    private final Map<String, Act> acts = new LinkedHashMap<>();

    /**
     * Waits a while, and leaves what can be said of an act for the page that follows; and if it is not over, for those after
     * that.
     */
    void leave(
            @NonNull StaplerRequest2 request,
            @NonNull CompletableFuture<?> work,
            @NonNull Function<Boolean, Notice> words) {
        await(work);
        var act = new Act(work, words);
        if (act.over()) {
            act.notice().leave(request);
            return;
        }
        String id = UUID.randomUUID().toString();
        HttpSession session = request.getSession();
        synchronized (acts) {
            acts.put(id, act);
            if (acts.size() > MOST) {
                acts.remove(acts.keySet().iterator().next());
            }
            keep(session, Stream.concat(ids(session).stream(), Stream.of(id)).toList());
        }
    }

    private static List<String> ids(HttpSession session) {
        return session.getAttribute(KEY) instanceof List<?> ids
                ? ids.stream().map(String.class::cast).toList()
                : List.of();
    }

    private static void keep(HttpSession session, List<String> ids) {
        session.setAttribute(KEY, new ArrayList<>(ids));
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

    /** What is to be said on a page. What is over is said once. */
    @NonNull
    List<Notice> take(@NonNull StaplerRequest2 request) {
        List<Notice> notices = new ArrayList<>(Notice.take(request));
        HttpSession session = request.getSession(false);
        if (session == null) {
            return notices;
        }
        synchronized (acts) {
            List<String> going = new ArrayList<>();
            for (String id : ids(session)) {
                Act act = acts.get(id);
                if (act != null) {
                    Notice notice = act.notice();
                    notices.add(notice);
                    if (notice.goesOn()) {
                        going.add(id);
                    } else {
                        acts.remove(id);
                    }
                }
            }
            keep(session, going);
        }
        return notices;
    }
}
