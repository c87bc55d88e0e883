package io.jenkins.plugins.qwiet.grant;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.listeners.ItemListener;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Knows when Jenkins goes down, from before Pipelines are stopped for it; {@code Jenkins.isTerminating} is true later. */
@Extension
@Restricted(NoExternalUse.class)
public class Shutdown extends ItemListener {
    private volatile boolean begun;

    /** Whether it does, or is down. May be asked on any thread; waits for nothing. */
    public static boolean hasBegun() {
        return Jenkins.getInstanceOrNull() == null || ExtensionList.lookupSingleton(Shutdown.class).begun;
    }

    @Override
    public void onBeforeShutdown() {
        begun = true;
    }
}
