package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.LeaseStore;

/** An administrator who knows whose the leases are that rest, and says so after a while. */
final class Decisions {
    private final Installation home;
    private final World world;
    private final Controller controller;
    private boolean deciding;

    Decisions(Installation home, Controller controller) {
        this.home = home;
        this.world = home.world();
        this.controller = controller;
    }

    /** The page says that some rest, if any do. */
    void askIfAnyRest() {
        if (!deciding && !controller.store().resting().isEmpty()) {
            deciding = true;
            world.say("rest", () -> controller.store().resting().size() + " leases");
            world.timeline().after(world.people().decideWithin(), controller.life(), this::decide);
        }
    }

    private void decide() {
        deciding = false;
        world.say(home.isCopy() ? "forget" : "take over", () -> "");
        LeaseStore store = controller.store();
        (home.isCopy() ? store.forgetResting() : store.takeOverResting()).exceptionally(e -> {
            world.say("not decided", e::getMessage);
            return null;
        });
    }
}
