package io.jenkins.plugins.qwiet.harness;

import java.net.URL;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.jvnet.hudson.test.JenkinsRule;

/** Ways to look at Jenkins that run no more scripts than a test is about: those of one page take about a second. */
public final class Browser {
    private Browser() {}

    /** What Jenkins answers to somebody, whatever it is; nothing makes a page of it. Posts with a crumb, as forms do. */
    public static WebResponse ask(JenkinsRule jenkins, String user, HttpMethod method, String path) throws Exception {
        try (var client = withoutScripts(jenkins, user)) {
            var request = new WebRequest(new URL(jenkins.getURL(), path), method);
            if (method == HttpMethod.POST) {
                client.addCrumb(request);
            }
            return client.loadWebResponse(request);
        }
    }

    /** One in which a user of the dummy security realm has logged in, and that runs scripts from now on. */
    public static JenkinsRule.WebClient of(JenkinsRule jenkins, String user) throws Exception {
        return withoutScripts(jenkins, user).withJavaScriptEnabled(true).withThrowExceptionOnFailingStatusCode(true);
    }

    /** The same without scripts, and without an exception if the answer is an error: to see what a server answers. */
    public static JenkinsRule.WebClient withoutScripts(JenkinsRule jenkins, String user) throws Exception {
        return withoutScripts(jenkins).login(user);
    }

    /** The same of somebody who has not logged in. */
    public static JenkinsRule.WebClient withoutScripts(JenkinsRule jenkins) {
        return jenkins.createWebClient().withJavaScriptEnabled(false).withThrowExceptionOnFailingStatusCode(false);
    }
}
