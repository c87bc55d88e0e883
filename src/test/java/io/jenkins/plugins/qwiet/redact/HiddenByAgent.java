package io.jenkins.plugins.qwiet.redact;

import jenkins.security.MasterToSlaveCallable;

/** Whether the agent that is asked knows a token. */
public final class HiddenByAgent extends MasterToSlaveCallable<Boolean, RuntimeException> {
    private static final long serialVersionUID = 1;

    private final String value;

    public HiddenByAgent(String value) {
        this.value = value;
    }

    @Override
    public Boolean call() {
        return AgentMask.knows(value);
    }
}
