package io.jenkins.plugins.qwiet.grant;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.listeners.ItemListener;
import jenkins.model.Jenkins;

/** Knows when Jenkins goes down, from before Pipelines are stopped for it; {@code Jenkins.isTerminating} is true later. */
@Extension
public class Shutdown extends ItemListener {
    private volatile boolean begun;

    static boolean hasBegun() {
        return Jenkins.getInstanceOrNull() == null || ExtensionList.lookupSingleton(Shutdown.class).begun;
    }

    @Override
    public void onBeforeShutdown() {
        begun = true;
    }
}
