package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ProxyConfiguration;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import io.jenkins.plugins.qwiet.api.ProcessProxy;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.net.InetSocketAddress;
import java.net.Proxy;
import jenkins.model.Jenkins;

/** Finds the proxy to Qwiet: the one of Jenkins' own settings, or else the one that the Java process was started with. */
final class JenkinsProxy {
    private JenkinsProxy() {}

    /** Null to connect directly. */
    @CheckForNull
    static HttpProxy to(ApiAddress address) {
        ProxyConfiguration configured = Jenkins.get().proxy;
        if (configured == null
                || configured.getName() == null
                || configured.getName().isBlank()) {
            return ProcessProxy.to(address);
        }
        return http(configured.createProxy(address.host()), configured.getUserName(), configured.getSecretPassword());
    }

    private static HttpProxy http(Proxy proxy, String user, Secret password) {
        if (proxy.type() != Proxy.Type.HTTP || !(proxy.address() instanceof InetSocketAddress at)) {
            return null;
        }
        return new HttpProxy(
                at.getHostString(),
                at.getPort(),
                user,
                password == null ? null : SecretText.of(password.getPlainText()));
    }
}
