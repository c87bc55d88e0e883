package io.jenkins.plugins.qwiet.harness;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.ModelObject;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import jenkins.model.Jenkins;

/** Makes a Jenkins know a stand-in for Qwiet, and a service account there. */
public final class QwietAccount {
    /** The id of the credential that the global settings name. */
    public static final String ID = "sa";

    private QwietAccount() {}

    /** As an administrator would: global settings, and a global credential. */
    public static void set(FakeQwiet qwiet) throws Exception {
        set(qwiet.address(), qwiet.organization().id(), qwiet.organization().serviceAccount());
    }

    /** The same with plain texts, which travel to another process. Each setting is set, whatever it was before. */
    public static void set(String address, String orgId, String token) throws Exception {
        var settings = QwietConfiguration.get();
        settings.setApiAddress(address);
        settings.setOrgId(orgId);
        settings.setCredentialsId(ID);
        settings.setValidity(null);
        settings.setVariable(QwietConfiguration.DEFAULT_VARIABLE);
        settings.setOrgVariable(QwietConfiguration.DEFAULT_ORG_VARIABLE);
        settings.setConnectTimeout(2);
        settings.setCallTimeout(5);
        settings.setRevokeAtEnd(true);
        settings.setOnlyFindableAccounts(false);
        settings.setRenew(true);
        settings.save();
        add(Jenkins.get(), ID, token);
    }

    /** Into the credentials of Jenkins or of a folder. */
    public static void add(ModelObject where, String id, String token) throws Exception {
        CredentialsStore store =
                CredentialsProvider.lookupStores(where).iterator().next();
        var account = new QwietServiceAccount(CredentialsScope.GLOBAL, id, "of a test", Secret.fromString(token));
        store.getCredentials(Domain.global()).stream()
                .filter(old -> old instanceof QwietServiceAccount a && a.getId().equals(id))
                .toList()
                .forEach(old -> remove(store, old));
        store.addCredentials(Domain.global(), account);
    }

    /** From the credentials of Jenkins or of a folder: all service accounts there. */
    public static void removeAll(ModelObject where) {
        CredentialsStore store =
                CredentialsProvider.lookupStores(where).iterator().next();
        store.getCredentials(Domain.global()).stream()
                .filter(QwietServiceAccount.class::isInstance)
                .toList()
                .forEach(old -> remove(store, old));
    }

    private static void remove(CredentialsStore store, com.cloudbees.plugins.credentials.Credentials old) {
        try {
            store.removeCredentials(Domain.global(), old);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
