package io.jenkins.plugins.qwiet.build;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.listeners.ItemListener;
import jenkins.model.Jenkins;

/** Knows when Jenkins goes down, from before Pipelines are stopped for it; {@code Jenkins.isTerminating} is true later. */
@Extension
public class GoingDown extends ItemListener {
    private volatile boolean begun;

    static boolean hasBegun() {
        return Jenkins.getInstanceOrNull() == null || ExtensionList.lookupSingleton(GoingDown.class).begun;
    }

    @Override
    public void onBeforeShutdown() {
        begun = true;
    }
}
