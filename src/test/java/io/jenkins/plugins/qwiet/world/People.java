package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Administrators, of Jenkins and of Qwiet: credentials that come, change and go, scopes, clocks that are set, buttons. */
final class People {
    private static final Set<Operation> ALL = EnumSet.of(Operation.CREATE, Operation.LIST, Operation.DELETE);

    /** A credential in Jenkins, and what it stands for in Qwiet. */
    private static final class Credential {
        private final String organization;
        private String bearer;
        private boolean there = true;
        /** Whether it may not revoke, whatever happens, until somebody thinks of it. */
        private boolean forbidden;

        Credential(String organization, String bearer) {
            this.organization = organization;
            this.bearer = bearer;
        }
    }

    private final World world;
    private final Dice dice;
    private final Map<String, Credential> credentials = new LinkedHashMap<>();
    private Build.Job hidden;
    private String forbidden;

    People(World world) {
        this.world = world;
        this.dice = world.dice();
        int organizations = dice.between(1, 2);
        for (int i = 0; i < organizations; i++) {
            String orgId = dice.uuid();
            world.qwiet().addOrganization(orgId);
            for (int each = dice.between(1, 2); each > 0; each--) {
                var credential = new Credential(orgId, newBearer());
                credentials.put("account-" + credentials.size(), credential);
                allow(credential, ALL);
            }
        }
    }

    private void allow(Credential credential, Set<Operation> scopes) {
        Set<Operation> may = EnumSet.copyOf(scopes);
        if (credential.forbidden) {
            may.remove(Operation.DELETE);
        }
        world.qwiet().account(credential.bearer, credential.organization, may);
    }

    /** From now on one account may not revoke any token, until {@link #allow}. */
    void forbid() {
        forbidden = dice.oneOf(credentialsIds());
        world.say("people", () -> forbidden + " may not DELETE for long");
        Credential credential = credentials.get(forbidden);
        credential.forbidden = true;
        allow(credential, ALL);
    }

    /** It may again, and nobody tells Jenkins. */
    void allow() {
        if (forbidden != null) {
            world.say("people", () -> forbidden + " may DELETE again");
            Credential credential = credentials.get(forbidden);
            credential.forbidden = false;
            allow(credential, ALL);
        }
    }

    /** Whether a lease is of the account that may not revoke, or might not once. */
    boolean wasForbidden(String nonce) {
        return forbidden != null && forbidden.equals(world.ledger().accountOf(nonce));
    }

    /** Whether a lease is of the account that may not revoke now. */
    boolean isForbidden(String nonce) {
        return wasForbidden(nonce) && credentials.get(forbidden).forbidden;
    }

    /** The id of the credential with that bearer now; null if there is none. */
    String accountOf(String bearer) {
        return credentials.entrySet().stream()
                .filter(each -> each.getValue().bearer.equals(bearer))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    List<String> credentialsIds() {
        return new ArrayList<>(credentials.keySet());
    }

    String organization(String credentialsId) {
        return credentials.get(credentialsId).organization;
    }

    /** Empty if there is no such credential now. */
    Optional<String> bearer(String credentialsId) {
        return Optional.ofNullable(credentials.get(credentialsId))
                .filter(c -> c.there)
                .map(c -> c.bearer);
    }

    /** From now on no credential is found for the leases of this job, as if it were deleted; null for none. */
    void hide(Build.Job jobOrNull) {
        hidden = jobOrNull;
    }

    /** Whether a lease is one of a job for which no credential is found, in no copy of its home either: that knows it by its name. */
    boolean isUnseen(String nonce) {
        return hidden != null && hidden.isSame(world.ledger().jobOf(nonce));
    }

    void begin() {
        List<String> organizations = credentials.values().stream()
                .map(c -> c.organization)
                .distinct()
                .toList();
        world.others().begin(organizations);
        actAgain();
    }

    private void actAgain() {
        world.timeline().after(dice.skewed(0, Duration.ofHours(1).toNanos()), Timeline.NATURE, this::act);
    }

    private void act() {
        if (world.weather().isCalm()) {
            return;
        }
        actAgain();
        if (dice.chance(0.3)) {
            world.others().goOn();
        }
        if (world.weather().peopleChangeThings()) {
            String id = dice.oneOf(credentialsIds());
            change(id, credentials.get(id));
        }
        if (world.weather().clocksJump()) {
            setClock();
        }
        if (dice.chance(0.3)) {
            outage();
        }
        if (world.weather().diskFillsUp()) {
            world.say("disk", () -> "is full");
            world.main().disk().fill(true);
            later(() -> world.main().disk().fill(false));
        }
    }

    private void change(String id, Credential credential) {
        switch (dice.below(11)) {
            case 0 -> {
                world.say("people", () -> "remove " + id);
                credential.there = false;
                later(() -> credential.there = true);
            }
            case 1 -> {
                world.say("people", () -> "rotate " + id);
                String old = credential.bearer;
                credential.bearer = newBearer();
                allow(credential, ALL);
                later(() -> world.qwiet().closeAccount(old));
            }
            case 2 -> loseScope(id, credential, Operation.DELETE);
            case 3 -> loseScope(id, credential, Operation.LIST);
            case 4 -> world.main().withController(Controller::sweepNow);
            case 5 ->
                world.main().withController(controller -> controller.grants().recallAll());
            case 6 -> stop();
            case 7 -> world.main().move();
            case 8 -> world.main().becomeAnother(true);
            case 9 -> world.main().becomeAnother(false);
            default -> renameAJob();
        }
    }

    private void renameAJob() {
        world.main().withController(controller -> {
            Build.Job job = dice.oneOf(world.main().jobs());
            String name = "job-" + dice.hex(4);
            world.say("people", () -> "rename " + job.name() + " to " + name);
            controller.rename(job, name);
        });
    }

    /** Perhaps when the disk was full a moment ago, and something was changed meanwhile. */
    private void stop() {
        if (dice.chance(0.5)) {
            world.main().stop();
            return;
        }
        world.main().disk().fill(true);
        renameAJob();
        world.timeline().after(dice.skewed(0, Duration.ofSeconds(20).toNanos()), Timeline.NATURE, () -> {
            world.main().disk().fill(false);
            world.main().stop();
        });
    }

    private void loseScope(String id, Credential credential, Operation scope) {
        world.say("people", () -> id + " may not " + scope);
        Set<Operation> rest = EnumSet.copyOf(ALL);
        rest.remove(scope);
        allow(credential, rest);
        later(() -> allow(credential, ALL));
    }

    private void setClock() {
        long most = dice.chance(0.2)
                ? Duration.ofDays(400).toNanos()
                : Duration.ofHours(6).toNanos();
        var ahead = Duration.ofNanos(dice.skewed(0, most) * (dice.chance(0.5) ? 1 : -1));
        world.say("clock", () -> "of Jenkins is ahead by " + ahead);
        world.wallClock().set(ahead);
    }

    private void outage() {
        var kind = world.weather().anOutage();
        world.say("outage", kind::toString);
        world.weather().outage(kind);
        later(() -> world.weather().outage(null));
    }

    private void later(Runnable task) {
        world.timeline().after(dice.skewed(0, Duration.ofHours(2).toNanos()), Timeline.NATURE, task);
    }

    /** How long it takes until somebody says whose the leases are that rest. */
    long decideWithin() {
        return dice.skewed(
                0, Duration.ofMinutes(world.weather().isCalm() ? 10 : 90).toNanos());
    }

    /** All may do what they should again. */
    void putInOrder() {
        credentials.values().forEach(credential -> {
            credential.there = true;
            allow(credential, ALL);
        });
    }

    private String newBearer() {
        return Secrets.MARK + ".account." + dice.hex(8);
    }
}
