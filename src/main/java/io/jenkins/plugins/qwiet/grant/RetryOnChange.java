package io.jenkins.plugins.qwiet.grant;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.AbortException;
import hudson.Extension;
import hudson.XmlFile;
import hudson.init.InitMilestone;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Lets the janitor try again at once what failed or was forbidden, when settings or credentials are saved: perhaps the
 * service account got the scope that it lacked, or there is another one now.
 */
@Extension
public class RetryOnChange extends SaveableListener {
    private static final Logger LOGGER = Logger.getLogger(RetryOnChange.class.getName());

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (Jenkins.get().getInitLevel() != InitMilestone.COMPLETED) {
            return;
        } else if (saved instanceof QwietConfiguration || saved instanceof SystemCredentialsProvider) {
            retry("");
        } else if (saved instanceof Item item && saved instanceof ItemGroup<?>) {
            // A folder keeps its credentials in its own configuration, which is saved for many other reasons.
            retry(item.getFullName() + "/");
        }
    }

    /** @param folder the beginning of the ids of the builds that this may help; empty for all */
    private static void retry(String folder) {
        var leases = JenkinsLeases.get();
        // Not in the thread that saves.
        leases.threads().execute(() -> {
            try {
                if (leases.leasing().store().leases().stream().anyMatch(lease -> mayBeHelped(lease, folder))) {
                    Janitor janitor = leases.janitor();
                    janitor.endPauses();
                    janitor.sweep();
                }
            } catch (AbortException e) {
                LOGGER.log(Level.WARNING, e.getMessage());
            }
        });
    }

    private static boolean mayBeHelped(Lease lease, String folder) {
        return lease.failingSince() != null && lease.buildId().startsWith(folder);
    }
}
