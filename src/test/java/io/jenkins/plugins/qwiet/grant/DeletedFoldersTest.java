package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.SecretStore;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestExtension;

/** After a restart Jenkins keeps no account in memory. A folder then waits as long as one of its jobs would. */
class DeletedFoldersTest extends OnJenkins {
    private static final int JOBS = 12;

    @AfterEach
    void answer() throws Exception {
        SecretStore.answer();
        SecretStore.empty();
        LeaseStore store = JenkinsLeases.get().leasing().store();
        for (Lease lease : store.leases()) {
            store.remove(lease.nonce()).get();
        }
    }

    @Test
    void aFolderOfManyJobsCanBeDeletedThoughNobodyAnswers() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        for (int number = 1; number <= JOBS; number++) {
            Item job = folder.createProject(FreeStyleProject.class, "job-" + number);
            JenkinsLeases.get().leasing().store().put(leftBy(job, number)).get();
        }
        SecretStore.put("nobody is asked with it");
        SecretStore.hesitate();

        CompletableFuture<Void> deletion = CompletableFuture.runAsync(() -> {
            try {
                folder.delete();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(deletion).succeedsWithin(Duration.ofSeconds(30));
    }

    private Lease leftBy(Item job, int number) {
        var identity = new Lease.Identity(
                String.format("%032x", number),
                "left",
                new Organization(
                        ApiAddress.parse(qwiet.address()), qwiet.organization().id()),
                Account.ofJenkins(SecretStore.ID),
                job.getFullName() + "#1",
                "https://jenkins.example/job/x/1/",
                Instant.now());
        return new Lease(identity, End.UNKNOWN, "token-" + number, Instant.now(), null);
    }

    @TestExtension
    public static class Store extends SecretStore {}
}
