package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.fake.Operation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Knows the truth about each token, and says when the promise is broken: a token that may live has a lease, always. */
final class Ledger implements VirtualQwiet.Witness {
    private static final String OPENING = "[jenkins:";

    private final World world;
    /** Who uses a token, by its id. */
    private final Map<String, Build> users = new HashMap<>();

    private final Map<String, Long> usedSince = new HashMap<>();

    /** Whose token was asked for, by nonce. */
    private final Map<String, Build.Job> jobs = new HashMap<>();

    /** Where a token was asked for, by nonce. */
    private final Map<String, Installation> homes = new HashMap<>();

    /** Which account asked for it, by nonce. */
    private final Map<String, String> accounts = new HashMap<>();

    /** When each was thought of, by nonce. */
    private final Map<String, Long> thoughtOfAt = new HashMap<>();

    /** Of whose leases the disk was robbed, by nonce: nobody can say what becomes of their tokens. */
    private final Set<String> excused = new HashSet<>();

    private final Set<String> recalled = new HashSet<>();
    /** How many requests for a token are on their way to Qwiet, by nonce. */
    private final Map<String, Integer> onTheWay = new LinkedHashMap<>();

    /** For which nonce a token was made, by its id. */
    private final Map<String, String> madeFor = new HashMap<>();

    /** How many tokens were made for a nonce. */
    private final Map<String, Integer> made = new HashMap<>();

    private int minted;
    private int used;

    Ledger(World world) {
        this.world = world;
    }

    int minted() {
        return minted;
    }

    int used() {
        return used;
    }

    /** A Jenkins is about to write a lease with this nonce, then to ask for a token. */
    void thoughtOf(String nonce, Installation by) {
        homes.put(nonce, by);
        thoughtOfAt.put(nonce, world.timeline().now());
    }

    /** Nobody can know this lease any more. */
    void excuse(String nonce) {
        excused.add(nonce);
    }

    /** Of what a Jenkins knew at a time, nothing may be left. */
    void excuseThoughtOf(Installation by, long before) {
        thoughtOfAt.forEach((nonce, at) -> {
            if (at <= before && homes.get(nonce) == by) {
                excused.add(nonce);
            }
        });
    }

    /** Those that live, and that somebody has to know. */
    Stream<VirtualQwiet.Token> live() {
        return world.qwiet().live().filter(token -> !excused.contains(token.nonce()));
    }

    /** A request left; it may arrive. */
    void sent(VirtualQwiet.Call call, Installation by) {
        if (call.operation() == Operation.CREATE) {
            String nonce = nonce(call);
            onTheWay.merge(nonce, 1, Integer::sum);
            jobs.computeIfAbsent(nonce, n -> jobIn(call.body(), by));
            accounts.computeIfAbsent(nonce, n -> world.people().accountOf(call.bearer()));
        } else if (call.operation() == Operation.DELETE) {
            checkThatItIsNoOthers(call.tokenId(), by);
        }
    }

    /** What a token's own Jenkins looks after, no copy of it touches, nor the other way round. */
    private void checkThatItIsNoOthers(String tokenId, Installation by) {
        VirtualQwiet.Token token = world.qwiet().find(tokenId);
        Installation home = token == null ? by : homes.getOrDefault(token.nonce(), by);
        if (home != by && home.looksAfter(token.nonce()) && !isExcused(token) && !isOneOfTwins(token)) {
            world.violation("The token " + tokenId + " of " + home.signs() + " is revoked by " + by.signs());
        }
    }

    /** It arrived; another of the same may follow. */
    void arrived(VirtualQwiet.Call call, boolean another) {
        if (call.operation() == Operation.CREATE && !another) {
            onTheWay.computeIfPresent(nonce(call), (nonce, calls) -> calls == 1 ? null : calls - 1);
        }
    }

    private static Build.Job jobIn(String body, Installation home) {
        return home.jobs().stream().filter(job -> job.isIn(body)).findFirst().orElse(null);
    }

    /** Whose token was asked for by it; null if none was. */
    Build.Job jobOf(String nonce) {
        return jobs.get(nonce);
    }

    /** The id of the credential that it was asked for with; null if none was. */
    String accountOf(String nonce) {
        return accounts.get(nonce);
    }

    /** A build has the value now. */
    void use(String tokenId, String nonce, Build build) {
        used++;
        if (!nonce.equals(madeFor.get(tokenId))) {
            world.violation("The build " + build.id() + " got the token " + tokenId + " of another");
        }
        if (!recalled.contains(tokenId)) {
            users.put(tokenId, build);
            usedSince.put(tokenId, world.timeline().now());
        }
        world.say("use", () -> tokenId + " by " + build.id());
    }

    boolean isUsedSince(String tokenId, long time) {
        return users.containsKey(tokenId) && usedSince.get(tokenId) < time;
    }

    /** An administrator takes it away from whoever uses it, or is about to. */
    void recalled(String tokenId) {
        recalled.add(tokenId);
        noLongerUsed(tokenId, users.get(tokenId));
    }

    /** A copy of a build may give back what the build itself still uses. */
    void noLongerUsed(String tokenId, Build by) {
        if (by != null && users.remove(tokenId, by)) {
            world.say("use ends", () -> tokenId);
        }
    }

    @Override
    public void minted(VirtualQwiet.Token token) {
        minted++;
        made.merge(token.nonce(), 1, Integer::sum);
        madeFor.put(token.id(), token.nonce());
        world.say("minted", () -> token.id() + " for " + token.nonce());
    }

    @Override
    public Others others() {
        return world.others();
    }

    @Override
    public void deleted(VirtualQwiet.Token token) {
        world.say("deleted", token::id);
        Build user = users.get(token.id());
        Installation home = homes.get(token.nonce());
        boolean shared = home != null && home.mayBeUndone(thoughtOfAt.get(token.nonce()));
        if (user != null && !isExcused(token) && !shared) {
            world.violation("The token " + token.id() + " was revoked while " + user.id() + " used it");
        }
    }

    /** Each token that lives, or may come to life, has a lease where it was asked for, if one can see there now. */
    void check() {
        live().forEach(token -> {
            Installation home = homes.get(token.nonce());
            if (home != null && home.lacks(token.nonce(), isOneOfTwins(token))) {
                world.violation("The token " + token.id() + " lives, and the lease " + token.nonce() + " was dropped");
            }
        });
        for (String nonce : onTheWay.keySet()) {
            Installation home = homes.get(nonce);
            if (home != null && !excused.contains(nonce) && home.lacks(nonce, false)) {
                world.violation("A token is on its way to be made, and the lease " + nonce + " was dropped");
            }
        }
    }

    private boolean isExcused(VirtualQwiet.Token token) {
        return excused.contains(token.nonce());
    }

    /**
     * Whether something on the way repeated the request that made it. Nobody can know that from the one answer, so its
     * lease may end with its twin, and is kept as one that has ended, to be looked for.
     */
    boolean isOneOfTwins(VirtualQwiet.Token token) {
        return made.getOrDefault(token.nonce(), 0) > 1;
    }

    private static String nonce(VirtualQwiet.Call create) {
        int opening = create.body().indexOf(OPENING);
        int closing = opening < 0 ? -1 : create.body().indexOf(' ', opening);
        return closing < 0 ? "" : create.body().substring(opening + OPENING.length(), closing);
    }
}
