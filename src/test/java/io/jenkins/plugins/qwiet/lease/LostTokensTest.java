package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.lease.LostTokens.Found;
import io.jenkins.plugins.qwiet.lease.LostTokens.Lost;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a token of this Jenkins that has no lease any more. */
@ExtendWith(QuietLeases.class)
class LostTokensTest extends HomeOfLeases {
    private static final String BUILD = "https://jenkins.example/job/shop/7/";
    /** What of a nonce this Jenkins made, as if it signed with zeros. */
    private static final Pattern SIGNED = Pattern.compile("0000[0-9a-f]{16,28}");

    private LeaseStore store;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    private LostTokens search() {
        return search(Leases.ORGANIZATION);
    }

    private LostTokens search(Organization organization) {
        return new LostTokens(store, organization, LostTokensTest::signed, id -> !id.equals("unwanted"));
    }

    private static String signed(String text) {
        var signed = SIGNED.matcher(text);
        return signed.lookingAt() ? signed.group() : "";
    }

    private static Token marked(int number) {
        return token("token-" + number, TokenDescription.describe("text", BUILD, Leases.nonce(number)));
    }

    private static Token token(String id, String description) {
        return new Token(id, "scan", description, NewToken.CI_TOKEN_ROLE, NewToken.ACCESS, null);
    }

    private static Found finish(LostTokens search, Maker maker) {
        return search.finish(new Listed(1, true), token -> maker);
    }

    private Found found(Token... list) {
        LostTokens search = search();
        List.of(list).forEach(search::accept);
        return finish(search, Maker.OVER);
    }

    @Test
    void oneThatOnlyThisJenkinsCanHaveMadeAndThatHasNoLease() {
        Found found = found(marked(1));

        assertThat(found.of(Set.of(Maker.OVER)))
                .singleElement()
                .satisfies(lost -> assertThat(lost)
                        .extracting(Lost::id, Lost::nonce, Lost::buildUrl, Lost::label)
                        .containsExactly("token-1", Leases.nonce(1), BUILD, "scan"));
        assertThat(found.whole()).isTrue();
        assertThat(found.more()).isZero();
    }

    @Test
    void noneThatSomebodyElseDescribedLikeThat() {
        assertThat(found(
                                token("a", "text [jenkins:ffffffffffffffffffffffffffffffff " + BUILD + "]"),
                                token("b", "text [jenkins:1234 " + BUILD + "]"),
                                token("c", "[jenkins:ffffffffffffffffffff"),
                                token("d", "by hand"),
                                token("e", ""),
                                token("unwanted", TokenDescription.describe("", BUILD, Leases.nonce(4))),
                                new Token(
                                        "f",
                                        "x",
                                        TokenDescription.describe("", BUILD, Leases.nonce(5)),
                                        "",
                                        "integration",
                                        null))
                        .tokens())
                .isEmpty();
    }

    /** Letters of Japanese or Chinese names, say: nine characters of a URL each. */
    @Test
    void oneOfABuildWithALongUrl() {
        String name = "%E6%A9%9F".repeat(70);
        String url = "https://jenkins.example/job/" + name + "/job/" + name + "/7/";

        assertThat(found(token("a", TokenDescription.describe("text", url, Leases.nonce(1))))
                        .tokens()
                        .keySet())
                .extracting(Lost::buildUrl)
                .containsExactly(url);
        assertThat(found(token("a", TokenDescription.describe("text", url.repeat(9), Leases.nonce(1))))
                        .tokens()
                        .keySet())
                .as("one that is too long to be kept")
                .extracting(Lost::buildUrl)
                .containsExactly("");
    }

    /** Jenkins had no URL, the description was cut, or something on the way wrote punctuation in its own way. */
    @ParameterizedTest
    @ValueSource(strings = {"no URL", "cut", "escaped", "round brackets"})
    void oneWhoseMarkNamesNoBuild(String how) {
        String url = how.equals("no URL") ? "" : "https://jenkins.example/job/a-team/job/a-project/job/main/1234/";
        String description = TokenDescription.describe("", url, Leases.nonce(1));

        Found found = found(token(
                "a",
                switch (how) {
                    case "cut" -> description.substring(0, 70);
                    case "escaped" ->
                        description.replace("[", "&#91;").replace(":", "&#58;").replace("]", "&#93;");
                    case "round brackets" -> description.replace('[', '(').replace(']', ')');
                    default -> description;
                }));

        assertThat(found.tokens().keySet())
                .extracting(Lost::nonce, Lost::buildUrl)
                .containsExactly(tuple(Leases.nonce(1), ""));
    }

    /** One rule for both: what is left of a mark, and what something on the way wrote behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[jenkins:%shttps://jenkins.example/job/shop/7/]",
                "[jenkins:%s] checked by Eve",
                "(Jenkins-%s)",
                "jenkins%%3A%s",
                "text [jenkins:%.20s",
                "text [jenkins:%.24s...",
                "text [jenkins:%.31s… (the rest of this description was left out, as it was too long)",
                "text [jenkins:%.24struncated",
                "text [jenkins:%.24s cut",
                "[jenkins:%.24s https://jenkins.example/job/shop/7/]",
                "text [jenkins:%s%1$s",
                "[jenkins:ffffffffffffffffffffffffffffffff -] copy of [jenkins:%s -]",
                "[jenkins:ffffffffffffffffffffffffffffffff -] copy of [jenkins:%.24s",
                "[jenkins:%s -] copy of [jenkins:ffffffffffffffffffffffffffffffff -]",
                "by hand"
            })
    void anyThatTheCleanupWouldFindIsShownOrCounted(String description) {
        String listed = description.formatted(Leases.nonce(1));
        Optional<String> cleanup = new Nonces(List.of(Leases.intent(1, "shop#7"))).in(listed);

        Found found = found(token("a", listed));

        boolean whole = listed.contains(Leases.nonce(1));
        assertThat(found.of(Set.of(Maker.OVER)))
                .extracting(Lost::nonce)
                .isEqualTo(whole ? cleanup.stream().toList() : List.of());
        assertThat(found.more()).isEqualTo(cleanup.isPresent() && !whole ? 1 : 0);
    }

    private static Token cut(int number) {
        String text = "a text of nearly forty characters";
        return token(
                "token-" + number,
                TokenDescription.describe(text, BUILD, Leases.nonce(number)).substring(0, 70));
    }

    @Test
    void oneWhoseMarkIsCutWithinTheNonceIsCountedOnce() {
        Found found = found(cut(1), cut(1));

        assertThat(found.tokens()).isEmpty();
        assertThat(found.more()).isEqualTo(1);
    }

    /** Nonces of tests begin alike: one lease at a time. */
    @Test
    void noneWhoseMarkIsCutAndOfWhichThereMayBeALease() throws Exception {
        assertThat(found(cut(1)).more()).isEqualTo(1);
        store.put(Leases.intent(1, "shop#7")).join();
        assertThat(found(cut(1)).more()).as("an intent").isZero();
        store.end(store.find(Leases.nonce(1)).orElseThrow());
        assertThat(found(cut(1)).more()).as("ended a moment ago").isZero();
    }

    @Test
    void noneWhoseMarkIsCutAndWhoseLeaseMayBeAnothers() {
        store.others().readmit(Leases.intent(1, "shop#7"), "another").join();
        assertThat(found(cut(1)).more()).as("rests").isZero();
        store.others().forget(Set.of("another")).join();
        assertThat(found(cut(1)).more()).as("left to another").isZero();
    }

    @Test
    void oneOfAnotherJenkinsThatQuotesAMarkIsThatOnes() {
        String quoted = "again, for the release: " + TokenDescription.describe("", BUILD, Leases.nonce(1));
        String description = TokenDescription.describe(quoted, BUILD, "f".repeat(32));
        int nonce = description.indexOf(Leases.nonce(1));

        Found found = found(token("a", description), token("b", description.substring(0, nonce + 24)));

        assertThat(found.tokens()).isEmpty();
        assertThat(found.more()).as("where the quoted one is cut").isZero();
    }

    @Test
    void noneOfWhichThereIsALease() throws Exception {
        store.put(Leases.live(1, "shop#7")).join();
        store.put(Leases.intent(2, "shop#7")).join();
        store.put(Leases.live(3, "shop#7")).join();
        store.end(store.find(Leases.nonce(3)).orElseThrow());
        store.others().readmit(Leases.live(4, "shop#7"), "another").join();
        store.others().readmit(Leases.live(5, "shop#7"), "yet another").join();
        store.others().forget(Set.of("yet another")).join();

        assertThat(found(marked(1), marked(2), marked(3), marked(4), marked(5)).tokens())
                .as("open, an intent, ended a moment ago, resting, left to another")
                .isEmpty();
        assertThat(found(token("token-1", TokenDescription.describe("", BUILD, Leases.nonce(9))))
                        .tokens())
                .as("whose id is that of another lease")
                .isEmpty();
        var elsewhere = new Organization(Leases.ORGANIZATION.address(), "1f0c2f5e-0000-4000-8000-000000000002");
        var search = search(elsewhere);
        search.accept(token("token-1", TokenDescription.describe("", BUILD, Leases.nonce(9))));
        assertThat(finish(search, Maker.OVER).tokens()).hasSize(1);
    }

    @Test
    void noneThatGotALeaseWhileTheListWasRead() {
        LostTokens search = search();
        search.accept(marked(1));
        search.accept(marked(2));
        search.accept(cut(3));
        store.put(Leases.live(1, "shop#7")).join();

        Found found = search.finish(new Listed(2, true), token -> {
            // A build remembers all of its own when one of them is looked up.
            for (int number = 2; number <= 3; number++) {
                store.others()
                        .readmit(Leases.live(number, "shop#7"), store.others().here())
                        .join();
            }
            return Maker.OVER;
        });

        assertThat(found.tokens()).isEmpty();
        assertThat(found.more()).isZero();
    }

    @Test
    void isOfferedByWhatItsBuildDoes() {
        for (Maker maker : Maker.values()) {
            LostTokens search = search();
            search.accept(marked(1));
            Found found = finish(search, maker);
            assertThat(found.of(Set.of(maker))).hasSize(1);
            assertThat(found.of(Set.of(Maker.OVER))).hasSize(maker == Maker.OVER ? 1 : 0);
        }
    }

    @Test
    void aListThatIsCutTwiceReadOrVeryLongIsNoLieAboutIt() {
        LostTokens search = search();
        search.accept(marked(1));
        search.restart();
        search.accept(marked(2));
        search.accept(marked(2));
        Found cut = search.finish(new Listed(1, false), token -> Maker.OVER);
        assertThat(cut.tokens()).hasSize(1);
        assertThat(cut.whole()).isFalse();

        LostTokens many = search();
        IntStream.rangeClosed(1, LostTokens.MOST_LOOKED_UP + 7).forEach(number -> many.accept(marked(number)));
        Found found = finish(many, Maker.OVER);
        assertThat(found.tokens()).hasSize(LostTokens.MOST);
        assertThat(found.count(Maker.OVER)).isEqualTo(LostTokens.MOST_LOOKED_UP);
        assertThat(found.more()).isEqualTo(7);
    }

    /** A page that moves is read twice. */
    @Test
    void whatIsListedTwiceIsCountedOnceAlsoBehindTheFirst() {
        LostTokens search = search();
        IntStream.rangeClosed(1, LostTokens.MOST_LOOKED_UP + 2).forEach(number -> search.accept(marked(number)));
        search.accept(marked(LostTokens.MOST_LOOKED_UP + 2));

        assertThat(finish(search, Maker.OVER).more()).isEqualTo(2);
    }

    @Test
    void oneBuildThatCannotBeLookedUpHidesNoOther() {
        LostTokens search = search();
        search.accept(marked(1));
        search.accept(marked(2));
        search.accept(marked(3));

        Found found = search.finish(new Listed(3, true), lost -> {
            if (lost.id().equals("token-3")) {
                return Maker.OVER;
            }
            throw new IllegalStateException("a build that cannot be loaded");
        });

        assertThat(found.tokens().keySet()).extracting(Lost::id).containsExactly("token-3");
        assertThat(found.more()).as("those that may run").isEqualTo(2);
    }

    @Test
    void ofManyThoseOfCompletedBuildsAreShownFirst() {
        LostTokens search = search();
        IntStream.rangeClosed(1, 2 * LostTokens.MOST).forEach(number -> search.accept(marked(number)));
        Found found = search.finish(new Listed(1, true), token -> switch (token.id()) {
            case "token-1" -> Maker.RUNNING;
            case "token-900" -> Maker.OVER;
            default -> Maker.NOT_KNOWN;
        });

        assertThat(found.tokens()).hasSize(LostTokens.MOST);
        assertThat(found.of(Set.of(Maker.OVER)))
                .singleElement()
                .extracting(Lost::id)
                .isEqualTo("token-900");
        assertThat(found.of(Set.of(Maker.NOT_KNOWN))).hasSize(LostTokens.MOST - 1);
        assertThat(found.count(Maker.NOT_KNOWN)).isEqualTo(2 * LostTokens.MOST - 2);
        assertThat(found.count(Maker.RUNNING)).isEqualTo(1);
        assertThat(found.with(Map.of()).count(Maker.NOT_KNOWN)).isEqualTo(LostTokens.MOST - 1);
        assertThat(found.more()).isZero();
    }
}
