package io.jenkins.plugins.qwiet.security;

import io.jenkins.plugins.qwiet.harness.Browser;
import java.io.IOException;
import java.net.URL;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/** Somebody with a browser, who does not mind being refused. */
final class Visitor {
    private final JenkinsRule jenkins;
    private final String user;
    private final JenkinsRule.WebClient client;

    /** An answer, whatever it is. */
    record Answer(int status, String body) {}

    private Visitor(JenkinsRule jenkins, String user) throws Exception {
        this.jenkins = jenkins;
        this.user = user;
        client = Browser.withoutScripts(jenkins, user);
    }

    /** A user of the dummy security realm. */
    static Visitor named(JenkinsRule jenkins, String user) throws Exception {
        return new Visitor(jenkins, user);
    }

    /** With a path below the root of Jenkins. */
    Answer get(String path) throws IOException {
        return send(new WebRequest(url(path), HttpMethod.GET));
    }

    /** With a crumb, as a form sends it. */
    Answer post(String path, Map<String, String> fields) throws IOException {
        var request = new WebRequest(url(path), HttpMethod.POST);
        request.setRequestParameters(fields.entrySet().stream()
                .map(field -> new NameValuePair(field.getKey(), field.getValue()))
                .toList());
        client.addCrumb(request);
        return send(request);
    }

    /** A whole page, whose scripts run. */
    HtmlPage page(String path) throws Exception {
        return Browser.of(jenkins, user).goTo(path);
    }

    /** Looks at what comes, and makes no page of it: some answers are only parts of one. */
    private Answer send(WebRequest request) throws IOException {
        WebResponse response = client.loadWebResponse(request);
        return new Answer(response.getStatusCode(), response.getContentAsString());
    }

    private URL url(String path) throws IOException {
        return new URL(jenkins.getURL(), path);
    }
}
