package io.jenkins.plugins.qwiet.harness;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Node;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import hudson.security.SecurityRealm;
import hudson.slaves.NodeProperty;
import io.jenkins.plugins.qwiet.audit.LastAudits;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;

/**
 * What a test may change in the Jenkins that it shares with others: new items with all that builds in them, agents, the
 * realm and the strategy that decide on rights, global credentials, settings of the plugin, the URL, executors and variables
 * of Jenkins, open leases, the last audits. What a class prepared itself, such as an item of all its tests or the rights
 * within its strategy, is looked after by nobody: its tests must leave that alone.
 */
final class JenkinsState {
    private final Jenkins jenkins;
    private final Set<TopLevelItem> items;
    private final Set<Node> nodes;
    private final SecurityRealm realm;
    private final AuthorizationStrategy strategy;
    private final Map<Domain, List<Credentials>> credentials;
    private final Runnable settings;
    private final String url;
    private final int executors;
    private final List<NodeProperty<?>> nodeProperties;

    /** As it is now. */
    JenkinsState(Jenkins jenkins) {
        this.jenkins = jenkins;
        items = Set.copyOf(jenkins.getItems());
        nodes = Set.copyOf(jenkins.getNodes());
        realm = jenkins.getSecurityRealm();
        strategy = jenkins.getAuthorizationStrategy();
        credentials = SystemCredentialsProvider.getInstance().getDomainCredentialsMap().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
        settings = settings(QwietConfiguration.get());
        url = JenkinsLocationConfiguration.get().getUrl();
        executors = jenkins.getNumExecutors();
        nodeProperties = List.copyOf(jenkins.getGlobalNodeProperties());
    }

    private static Runnable settings(QwietConfiguration now) {
        var settings = now.settings();
        return () -> {
            now.setApiAddress(settings.apiAddress().base());
            now.setOrgId(settings.orgId());
            now.setCredentialsId(settings.credentialsId());
            now.setValidity(String.valueOf(settings.validity().toSeconds()));
            now.setVariable(settings.variable());
            now.setOrgVariable(settings.orgVariable());
            now.setConnectTimeout((int) settings.connectTimeout().toSeconds());
            now.setCallTimeout((int) settings.callTimeout().toSeconds());
            now.setRevokeAtEnd(settings.revokeAtEnd());
            now.setOnlyFindableAccounts(settings.onlyFindableAccounts());
            now.save();
        };
    }

    /** Ends what still runs, and puts back what was changed. */
    void restore() throws IOException, InterruptedException {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            restoreSecurity();
            // First, or what goes below would be revoked, at a stand-in for Qwiet that is there no more.
            removeLeases();
            removeItems();
            removeAgents();
            removeLeases();
            restoreCredentials();
            restoreSettings();
            Files.deleteIfExists(JenkinsLeases.folder().resolve(LastAudits.FILE_NAME));
        }
    }

    private void restoreSettings() throws IOException {
        settings.run();
        if (!Objects.equals(JenkinsLocationConfiguration.get().getUrl(), url)) {
            JenkinsLocationConfiguration.get().setUrl(url);
        }
        if (jenkins.getNumExecutors() != executors) {
            jenkins.setNumExecutors(executors);
        }
        if (!List.copyOf(jenkins.getGlobalNodeProperties()).equals(nodeProperties)) {
            jenkins.getGlobalNodeProperties().replaceBy(nodeProperties);
        }
    }

    private void restoreSecurity() {
        if (jenkins.getSecurityRealm() != realm) {
            jenkins.setSecurityRealm(realm);
        }
        if (jenkins.getAuthorizationStrategy() != strategy) {
            jenkins.setAuthorizationStrategy(strategy);
        }
    }

    private static void removeLeases() throws IOException {
        var store = JenkinsLeases.get().leasing().store();
        for (var lease : store.leases()) {
            store.remove(lease.nonce());
        }
    }

    /** With their builds, those that run included. */
    private void removeItems() throws IOException, InterruptedException {
        jenkins.getQueue().clear();
        for (TopLevelItem item : jenkins.getItems()) {
            if (!items.contains(item)) {
                item.delete();
            }
        }
    }

    private void removeAgents() throws IOException {
        for (Node node : jenkins.getNodes()) {
            if (!nodes.contains(node)) {
                jenkins.removeNode(node);
            }
        }
    }

    private void restoreCredentials() throws IOException {
        var provider = SystemCredentialsProvider.getInstance();
        provider.setDomainCredentialsMap(credentials);
        provider.save();
    }
}
