package io.jenkins.plugins.qwiet.api;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.QwietClient.Listing;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.HttpUrl;
import okhttp3.Response;

/**
 * The list of an organization's tokens, page after page if it comes in pages. For one list.
 *
 * <p>Pages are of different moments: if a token of a page that was read is deleted, others move up, and one of the next page
 * moves to where nobody looks any more. A total says nothing of that, if another token was made meanwhile. So what came in
 * several pages is read twice: the list is the whole only if the second reading shows all that the first did, so that
 * nothing can have moved up in the first, and if no token is on two pages of one reading, which is how it looks when those
 * move that are used. What only the second one shows is handed over too.
 * An amount that was true before tokens were deleted meanwhile is no sign of a cut, but of such a move.
 */
final class ListCall {
    /** Bytes. About 250 a token: room for two million of them. */
    static final long LARGEST_LIST = 512L * 1024 * 1024;

    /** Of the pages after the first, whose tokens wait here until the page is complete. */
    private static final long LARGEST_NEXT_PAGE = 16L * 1024 * 1024;

    /** Whoever waits for a list waits no longer for further pages: one that never ends must hold up nobody. */
    private static final Duration FOR_MORE_PAGES = Duration.ofMinutes(2);

    /** In a row. Some servers name a next page always. */
    private static final int MOST_EMPTY = 10;

    private static final Logger LOGGER = Logger.getLogger(ListCall.class.getName());
    private static final Texts TEXTS = Texts.of(ListCall.class);

    private final BiFunction<HttpUrl, ResponseReader.Body<TokenPage>, CompletableFuture<Outcome<TokenPage>>> ask;
    private final HttpUrl list;
    private final Listing each;
    private final ServerClock clock;
    private final CompletableFuture<Outcome<Listed>> answer = new CompletableFuture<>();
    private final Habits habits;
    /** Of what was handed over. */
    private final DistinctIds ids = new DistinctIds();
    /** Of what the second reading showed; null in the first. */
    private DistinctIds again;

    private final Paging signs = new Paging();
    private final Readings readings;
    private final Supplier<CompletableFuture<?>> askAnother;
    private final LongSupplier nanos;
    private long count;
    /** Pages in a row without a token. */
    private int empty;
    /** Whether a token was on two pages of one reading. */
    private boolean repeated;
    /** The least of what the pages' dates are, less the monotonic time of their questions. */
    private Instant oldest = Instant.MAX;

    /**
     * @param clock tells what time it is at Qwiet
     * @param nanos a monotonic source
     * @param habits what stands in any answer of this API
     * @param askAnother asks it something else, so that these may be learned
     */
    ListCall(
            BiFunction<HttpUrl, ResponseReader.Body<TokenPage>, CompletableFuture<Outcome<TokenPage>>> ask,
            HttpUrl list,
            Listing each,
            ServerClock clock,
            LongSupplier nanos,
            Habits habits,
            Supplier<CompletableFuture<?>> askAnother) {
        this.ask = ask;
        this.list = list;
        this.each = each;
        this.clock = clock;
        this.nanos = nanos;
        this.readings = new Readings(nanos.getAsLong());
        this.habits = habits;
        this.askAnother = askAnother;
    }

    /** To be called once. */
    CompletableFuture<Outcome<Listed>> begin() {
        page(list, new First());
        return answer;
    }

    private void page(HttpUrl url, Page body) {
        readings.current().ask(url);
        CompletableFuture<Outcome<TokenPage>> call = ask.apply(url, body);
        cancelWithAnswer(call);
        call.whenComplete((outcome, problem) -> {
            if (problem != null) {
                answer.completeExceptionally(problem);
            } else if (outcome instanceof Done<TokenPage> done) {
                try {
                    done(done.value(), body);
                } catch (RuntimeException | Error e) {
                    // Nobody else tells whoever waits for the answer.
                    answer.completeExceptionally(e);
                }
            } else {
                answer.complete(outcome.map(impossible -> null));
            }
        });
    }

    private void done(TokenPage page, Page body) {
        try {
            count += body.deliver(page);
        } catch (RuntimeException e) {
            answer.complete(new Outcome.Unsure<>(
                    TEXTS.get("ListCall.notTaken", e.getClass().getSimpleName())));
            return;
        }
        signs.join(page.paging());
        readings.join(page.paging().announced(), page.count());
        empty = page.count() == 0 ? empty + 1 : 0;
        HttpUrl next = signs.next(list);
        if (next != null
                && isInTime()
                && empty < MOST_EMPTY
                && readings.current().goesOn(next)) {
            page(next, again == null ? new Later(null) : new Again());
            return;
        }
        if (clock.isUnsure() && oldest.isBefore(Instant.MAX)) {
            askForTheTime();
        } else {
            wasRead();
        }
    }

    /** Nobody but lists said what time it is, and they are behind our clock: it may be wrong, or a cache may have kept them. */
    private void askForTheTime() {
        CompletableFuture<?> another = askAnother.get();
        cancelWithAnswer(another);
        another.whenComplete((outcome, problem) -> {
            try {
                Instant time = clock.earliest();
                if (clock.isUnsure() || time == null || ServerClock.isOld(oldest, time.minusNanos(nanos.getAsLong()))) {
                    signs.lacks();
                }
                wasRead();
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
    }

    /** After the last page of a reading. */
    private void wasRead() {
        boolean complete = signs.isWhole(count, ids.size(), readings.current().pages());
        boolean toItsEnd = signs.isReadToItsEnd();
        boolean through = readings.isThrough(complete, toItsEnd, ids.size());
        if (readings.areToGoOn(through, toItsEnd)) {
            again = new DistinctIds();
            if (through) {
                each.readThrough();
            }
            readings.again(nanos.getAsLong());
            page(list, new Again());
            return;
        }
        boolean whole = through && complete && readings.hadFirstAll();
        if (!through || habits.have(signs.unknown())) {
            end(through, whole);
            return;
        }
        // Nobody knows what these say; but if they stand beside what lists nothing too, it is nothing about the list.
        CompletableFuture<?> another = askAnother.get();
        cancelWithAnswer(another);
        another.whenComplete((outcome, problem) -> {
            boolean usual = habits.have(signs.unknown());
            if (!usual) {
                each.unexplained(Habits.paths(signs.unknown()));
            }
            end(usual, usual && whole);
        });
    }

    private boolean isInTime() {
        return nanos.getAsLong() - readings.current().begunAt() < FOR_MORE_PAGES.toNanos();
    }

    private void cancelWithAnswer(CompletableFuture<?> call) {
        answer.whenComplete((outcome, problem) -> {
            if (answer.isCancelled()) {
                call.cancel(true);
            }
        });
    }

    /**
     * @param through whether nothing is missing on any page
     * @param complete whether also no page says that there is more
     */
    private void end(boolean through, boolean complete) {
        // All that was handed over is all that the second reading showed, and what only the first one did.
        boolean moved = through && again != null && (!complete || repeated || again.size() != ids.size());
        boolean whole = complete && !moved;
        if (moved) {
            each.readThrough();
        }
        if (!whole) {
            LOGGER.log(Level.FINE, "{0}: {1} tokens in {2} pages may not be all; beside them stands {3}", new Object[] {
                list.encodedPath(), count, readings.current().pages(), Habits.paths(signs.unknown())
            });
        }
        answer.complete(new Done<>(new Listed(count, whole, moved)));
    }

    private abstract class Page implements ResponseReader.Body<TokenPage> {
        private Instant askedAt = clock.earliest();
        private long asked = nanos.getAsLong();

        @Override
        public void begin() {
            askedAt = clock.earliest();
            asked = nanos.getAsLong();
        }

        @Override
        public TokenPage withResponse(TokenPage page, Response response) {
            page.paging().see(list, response, askedAt, clock.earliest());
            Date date = CacheSigns.date(response.headers());
            Instant since = date == null ? Instant.MAX : date.toInstant().minusNanos(asked);
            oldest = since.isBefore(oldest) ? since : oldest;
            return page;
        }

        /** Hands over what was kept back; tells how many tokens this page added. */
        long deliver(TokenPage page) {
            return page.count();
        }
    }

    /** Streams by: Qwiet's list is one page, however long. */
    private final class First extends Page {
        @Override
        public void begin() {
            super.begin();
            each.restart();
            ids.clear();
        }

        @Override
        public TokenPage read(InputStream json) throws IOException {
            return TokenPage.read(json, each, ids);
        }

        @Override
        public long largest() {
            return LARGEST_LIST;
        }
    }

    /** Keeps its tokens until it is complete: tried again, it must not begin the list anew. */
    private class Later extends Page {
        final KeptTokens kept;

        Later(DistinctIds before) {
            kept = new KeptTokens(each, before);
        }

        @Override
        public void begin() {
            super.begin();
            kept.clear();
        }

        @Override
        public TokenPage read(InputStream json) throws IOException {
            return TokenPage.read(json, kept, kept.shown());
        }

        @Override
        public long largest() {
            return LARGEST_NEXT_PAGE;
        }

        @Override
        long deliver(TokenPage page) {
            repeated |= !ids.addAll(kept.shown());
            kept.handOver();
            return page.count();
        }
    }

    /** Of the second reading: keeps what is new, and so little that the page may be as long as the first one was. */
    private final class Again extends Later {
        Again() {
            super(ids);
        }

        @Override
        public long largest() {
            return again.size() == 0 ? LARGEST_LIST : super.largest();
        }

        @Override
        long deliver(TokenPage page) {
            repeated |= !again.addAll(kept.shown());
            ids.addAll(kept.shown());
            return kept.handOver();
        }
    }
}
