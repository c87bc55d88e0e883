package io.jenkins.plugins.qwiet.manage;

import io.jenkins.plugins.qwiet.lease.Lease;

/** Says where in its life a lease is. */
final class StateWords {
    private StateWords() {}

    static String of(Lease.State state) {
        return switch (state) {
            case INTENT -> Messages.StateWords_intent();
            case LIVE -> Messages.StateWords_live();
            case RELEASED -> Messages.StateWords_released();
            case UNREVOCABLE -> Messages.StateWords_unrevocable();
        };
    }
}
