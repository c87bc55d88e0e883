package io.jenkins.plugins.qwiet.grant;

import com.thoughtworks.xstream.XStreamException;
import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import hudson.util.XStream2;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import io.jenkins.plugins.qwiet.redact.BuildKey;
import io.jenkins.plugins.qwiet.redact.KnownBuilds;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Hides the tokens of builds that Jenkins has not loaded yet. It begins builds that wait in the queue as soon as it is up, but
 * loads Pipelines that go on later, one by one, which may take minutes. So what these hold is read from their records before,
 * and nothing else of them.
 */
public final class StoredTokens {
    private static final Logger LOGGER = Logger.getLogger(StoredTokens.class.getName());

    private final Path file;
    private BuildTokens tokens;
    private long made;
    private Charset charset = Charset.defaultCharset();

    private StoredTokens(Path file) {
        this.file = file;
    }

    /** Jobs are there by then, and the queue is not. Whatever cannot be read, Jenkins starts. */
    @Initializer(after = InitMilestone.JOB_LOADED, before = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void hide() {
        // A lease may be lost, or rest, while its build goes on; and Pipeline knows the former name of a job that was
        // renamed.
        Set<String> names = PipelinesToResume.names();
        names.addAll(withLeases());
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            names.forEach(StoredTokens::hide);
        }
    }

    private static List<String> withLeases() {
        JenkinsLeases leases = JenkinsLeases.get();
        if (!leases.mayBeStored()) {
            return List.of();
        }
        try {
            LeaseStore store = leases.leasing().store();
            return Stream.concat(
                            store.leases().stream(), store.resting().stream().map(RestingLease::lease))
                    .map(Lease::buildId)
                    .toList();
        } catch (AbortException | RuntimeException e) {
            // The janitor is going to say so. Jenkins would not start with an exception here.
            LOGGER.log(Level.FINE, "No leases to look for builds by", e);
            return List.of();
        }
    }

    private static void hide(String buildId) {
        try {
            int split = buildId.lastIndexOf('#');
            int number = Integer.parseInt(buildId.substring(split + 1));
            Job<?, ?> job = Jenkins.get().getItemByFullName(buildId.substring(0, split), Job.class);
            Path file = job == null ? null : job.getBuildDir().toPath().resolve(number + "/build.xml");
            if (file != null && Files.exists(file)) {
                var stored = new StoredTokens(file);
                try {
                    stored.read();
                } finally {
                    // Of a file that ends in the middle, too.
                    stored.hide(buildId, number);
                }
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> "Cannot read which tokens " + buildId + " holds. Until Jenkins has loaded it, builds that it"
                            + " started may print them");
        }
    }

    private void hide(String buildId, int number) {
        List<SecretText> values = tokens == null
                ? List.of()
                : tokens.values().stream()
                        .map(Secret::getPlainText)
                        .map(SecretText::of)
                        .toList();
        KnownBuilds.hideOfUnloaded(buildId, new BuildKey(number, made), charset, values);
    }

    private void read() throws IOException {
        try (var in = Files.newInputStream(file)) {
            HierarchicalStreamReader xml = XStream2.getDefaultDriver().createReader(in);
            while (xml.hasMoreChildren()) {
                xml.moveDown();
                switch (xml.getNodeName()) {
                    case "actions" -> tokens = tokensAmong(xml);
                    case "timestamp" -> made = Long.parseLong(xml.getValue());
                    case "charset" -> charset = Charset.forName(xml.getValue());
                    default -> {
                        // Of others, there may be classes of plugins in it.
                    }
                }
                xml.moveUp();
            }
        } catch (XStreamException e) {
            throw new IOException("Not to be read: " + file, e);
        }
    }

    @CheckForNull
    private static BuildTokens tokensAmong(HierarchicalStreamReader actions) {
        BuildTokens found = null;
        while (actions.hasMoreChildren()) {
            actions.moveDown();
            if (actions.getNodeName().equals(BuildTokens.class.getName())) {
                found = (BuildTokens) Run.XSTREAM2.unmarshal(actions);
            }
            actions.moveUp();
        }
        return found;
    }
}
