package io.jenkins.plugins.qwiet.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import hudson.XmlFile;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestExtension;

/** What Jenkins knows of the use of the service account. */
class CredentialUseTest extends OnJenkins {
    @Test
    void eachTokenIsAUseButABuildIsWrittenDownOnce() throws Exception {
        build(Result.SUCCESS, "withQwietCiToken { }"); // Makes the record, which counts as writing it.
        Uses.BUILDS.clear();
        Writes.FINGERPRINTS.clear();
        var run = build(Result.SUCCESS, "for (int i = 0; i < 3; i++) { withQwietCiToken(label: \"scan $i\") {} }");

        assertThat(Uses.BUILDS).containsExactly(run, run, run);
        assertThat(Writes.FINGERPRINTS).hasSize(1);
        var account = CredentialsProvider.findCredentialById(QwietAccount.ID, QwietServiceAccount.class, run);
        assertThat(CredentialsProvider.getFingerprintOf(account)
                        .getRangeSet(run.getParent().getFullName())
                        .includes(run.getNumber()))
                .isTrue();
    }

    @TestExtension
    public static class Uses implements CredentialsUseListener {
        static final List<Run<?, ?>> BUILDS = new CopyOnWriteArrayList<>();

        @Override
        public void onUse(Credentials credential, Run run) {
            if (credential instanceof QwietServiceAccount) {
                BUILDS.add(run);
            }
        }

        @Override
        public void onUse(Credentials credential, Node node) {}

        @Override
        public void onUse(Credentials credential, Item item) {}
    }

    @TestExtension
    public static class Writes extends SaveableListener {
        static final List<Fingerprint> FINGERPRINTS = new CopyOnWriteArrayList<>();

        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof Fingerprint fingerprint) {
                FINGERPRINTS.add(fingerprint);
            }
        }
    }
}
