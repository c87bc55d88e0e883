package io.jenkins.plugins.qwiet.grant;

import com.cloudbees.plugins.credentials.CredentialsProviderManager;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ProxyConfiguration;
import hudson.XmlFile;
import hudson.init.InitMilestone;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Saveable;
import hudson.model.User;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Leasing;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;

/**
 * Lets the janitor try again at once what failed or was forbidden, when something is saved that may mend it: perhaps the
 * service account got the scope that it lacked, there is another one now, or Qwiet can be reached.
 */
@Extension
public class RetryOnChange extends SaveableListener {
    private static final Logger LOGGER = Logger.getLogger(RetryOnChange.class.getName());

    private static final String PROPERTIES = "<properties>";
    private static final String END_OF_PROPERTIES = "</properties>";

    /** What a folder or a user has in its properties, credentials among them; by the name of its file. */
    private final Map<String, Integer> properties = new ConcurrentHashMap<>();

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        Predicate<Lease> helped = helpedBy(saved);
        if (helped != null && (!isSavedForManyReasons(saved) || hasOtherProperties(file))) {
            retry(helped);
        }
    }

    /** Null if it helps none. Most of what is saved is a build or a job. */
    @CheckForNull
    private static Predicate<Lease> helpedBy(Saveable saved) {
        if (saved instanceof User user) {
            return lease -> isOf(user, lease);
        } else if (saved instanceof SystemCredentialsProvider
                || saved instanceof CredentialsProviderManager
                // Whatever provides credentials, or says who may use which, has its settings in one of these two.
                || saved instanceof GlobalConfiguration
                || saved instanceof Jenkins
                || saved instanceof ProxyConfiguration) {
            return lease -> true;
        } else if (saved instanceof Item item && saved instanceof ItemGroup<?>) {
            return concernedBy(item);
        }
        return null;
    }

    /** A folder and a user keep their credentials in their own configuration; indexing saves it too, as does a login. */
    private static boolean isSavedForManyReasons(Saveable saved) {
        return saved instanceof Item || saved instanceof User;
    }

    /** So they have if it is not known what they had, as after a restart of Jenkins. */
    private boolean hasOtherProperties(XmlFile file) {
        try {
            String text = file.asString();
            int begin = text.indexOf(PROPERTIES);
            int end = text.lastIndexOf(END_OF_PROPERTIES);
            Integer now =
                    begin < 0 || end < begin ? 0 : text.substring(begin, end).hashCode();
            return !now.equals(properties.put(file.getFile().getPath(), now));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "What was saved is not known: " + file);
            return true;
        }
    }

    private static boolean isOf(User user, Lease lease) {
        String owner = lease.account().user();
        return owner != null && User.idStrategy().equals(owner, user.getId());
    }

    /** Those whose job is the item or in it, or whose account is looked for there. */
    static Predicate<Lease> concernedBy(Item item) {
        String name = item.getFullName();
        return lease -> isIn(name, lease.job()) || isIn(name, lease.account().item());
    }

    private static boolean isIn(String name, String inner) {
        return inner.equals(name) || inner.startsWith(name + "/");
    }

    /** The janitor does nothing unless one of them failed, or may fail at this moment. */
    static void retry(Predicate<Lease> helped) {
        if (Jenkins.get().getInitLevel() != InitMilestone.COMPLETED) {
            return;
        }
        var leases = JenkinsLeases.get();
        // Not in the thread that saves.
        leases.threads().execute(() -> {
            try {
                Leasing leasing = leases.leasing();
                // What Qwiet asked to wait, waits on where nothing was saved that concerns it.
                Set<Organization> organizations = leasing.store().leases().stream()
                        .filter(helped)
                        .map(Lease::organization)
                        .collect(Collectors.toSet());
                if (!organizations.isEmpty()) {
                    organizations.forEach(QwietConnections.get()::endWaits);
                    Renewals.get().endPauses();
                }
                // What is asked just now may fail with what was so before.
                if (leasing.store().leases().stream()
                        .filter(lease -> lease.failingSince() != null || leasing.isRevoking(lease.nonce()))
                        .anyMatch(helped)) {
                    Janitor janitor = leases.janitor();
                    janitor.endPauses();
                    // A pass that is under way may be past what it would not try.
                    janitor.sweep().thenRunAsync(janitor::sweep, leases.threads());
                }
            } catch (AbortException e) {
                LOGGER.log(Level.WARNING, e.getMessage());
            }
        });
    }
}
