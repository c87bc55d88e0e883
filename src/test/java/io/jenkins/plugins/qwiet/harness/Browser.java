package io.jenkins.plugins.qwiet.harness;

import java.io.IOException;
import java.net.URL;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Ways to look at Jenkins that do no more than a test is about. The scripts of one page take about a second; so users of the
 * dummy security realm send their name and password along, instead of going through the pages of a login.
 */
public final class Browser {
    /** Each holds the pages and scripts that it saw, which are some megabytes, and Jenkins' harness holds each client. */
    private static final Queue<JenkinsRule.WebClient> OPEN = new ConcurrentLinkedQueue<>();

    private Browser() {}

    /** A test is over: nobody looks at its pages any more. */
    static void closeAll() {
        for (var client = OPEN.poll(); client != null; client = OPEN.poll()) {
            client.close();
        }
    }

    /** What Jenkins answers to somebody, whatever it is; nothing makes a page of it. Posts with a crumb, as forms do. */
    public static WebResponse ask(JenkinsRule jenkins, String user, HttpMethod method, String path) throws IOException {
        try (var client = withoutScripts(jenkins, user)) {
            var request = new WebRequest(new URL(jenkins.getURL(), path), method);
            if (method == HttpMethod.POST) {
                client.addCrumb(request);
            }
            return client.loadWebResponse(request);
        }
    }

    /** One that runs scripts, of somebody without a name. */
    public static JenkinsRule.WebClient of(JenkinsRule jenkins) {
        var client = jenkins.createWebClient();
        OPEN.add(client);
        return client;
    }

    /** One that runs scripts, and throws if an answer is an error. */
    public static JenkinsRule.WebClient of(JenkinsRule jenkins, String user) {
        return withoutScripts(jenkins, user).withJavaScriptEnabled(true).withThrowExceptionOnFailingStatusCode(true);
    }

    /** One that runs no script, and takes an error for an answer. */
    public static JenkinsRule.WebClient withoutScripts(JenkinsRule jenkins, String user) {
        return withoutScripts(jenkins).withBasicCredentials(user);
    }

    /** The same of somebody without a name. */
    public static JenkinsRule.WebClient withoutScripts(JenkinsRule jenkins) {
        return of(jenkins).withJavaScriptEnabled(false).withThrowExceptionOnFailingStatusCode(false);
    }
}
