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

        Credential(String organization, String bearer) {
            this.organization = organization;
            this.bearer = bearer;
        }
    }

    private final World world;
    private final Dice dice;
    private final Map<String, Credential> credentials = new LinkedHashMap<>();
    private Build.Job hidden;

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
                world.qwiet().account(credential.bearer, orgId, ALL);
            }
        }
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

    /** Whether a lease is one of a job for which no credential is found. */
    boolean isUnseen(String nonce) {
        return hidden != null && world.ledger().jobOf(nonce) == hidden;
    }

    void begin() {
        world.timeline().after(dice.skewed(0, Duration.ofHours(1).toNanos()), Timeline.NATURE, this::act);
    }

    private void act() {
        if (world.weather().isCalm()) {
            return;
        }
        begin();
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
            world.fillDisk(true);
            later(() -> world.fillDisk(false));
        }
    }

    private void change(String id, Credential credential) {
        switch (dice.below(9)) {
            case 0 -> {
                world.say("people", () -> "remove " + id);
                credential.there = false;
                later(() -> credential.there = true);
            }
            case 1 -> {
                world.say("people", () -> "rotate " + id);
                String old = credential.bearer;
                credential.bearer = newBearer();
                world.qwiet().account(credential.bearer, credential.organization, ALL);
                later(() -> world.qwiet().closeAccount(old));
            }
            case 2 -> loseScope(id, credential, Operation.DELETE);
            case 3 -> loseScope(id, credential, Operation.LIST);
            case 4 -> world.withController(Controller::sweepNow);
            case 5 -> world.withController(Controller::recallAll);
            case 6 -> stop();
            case 7 -> world.move();
            default -> renameAJob();
        }
    }

    private void renameAJob() {
        world.withController(controller -> {
            Build.Job job = dice.oneOf(world.jobs());
            String name = "job-" + dice.hex(4);
            world.say("people", () -> "rename " + job.name() + " to " + name);
            controller.rename(job, name);
        });
    }

    /** Perhaps when the disk was full a moment ago, and something was changed meanwhile. */
    private void stop() {
        if (dice.chance(0.5)) {
            world.stop();
            return;
        }
        world.fillDisk(true);
        renameAJob();
        world.timeline().after(dice.skewed(0, Duration.ofSeconds(20).toNanos()), Timeline.NATURE, () -> {
            world.fillDisk(false);
            world.stop();
        });
    }

    private void loseScope(String id, Credential credential, Operation scope) {
        world.say("people", () -> id + " may not " + scope);
        Set<Operation> rest = EnumSet.copyOf(ALL);
        rest.remove(scope);
        world.qwiet().account(credential.bearer, credential.organization, rest);
        later(() -> world.qwiet().account(credential.bearer, credential.organization, ALL));
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
            world.qwiet().account(credential.bearer, credential.organization, ALL);
        });
    }

    private String newBearer() {
        return VirtualDisk.SECRET_MARK + ".account." + dice.hex(8);
    }
}
