package io.jenkins.plugins.qwiet.security;

import java.io.IOException;
import java.net.URL;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/** Somebody with a browser, who does not mind being refused. */
final class Visitor {
    private final JenkinsRule jenkins;
    private final JenkinsRule.WebClient browser;

    /** An answer, whatever it is. */
    record Answer(int status, String body) {}

    private Visitor(JenkinsRule jenkins) {
        this.jenkins = jenkins;
        browser = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
    }

    /** A user of the dummy security realm. */
    static Visitor named(JenkinsRule jenkins, String user) throws Exception {
        var visitor = new Visitor(jenkins);
        visitor.browser.login(user);
        return visitor;
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
        browser.addCrumb(request);
        return send(request);
    }

    HtmlPage page(String path) throws IOException, org.xml.sax.SAXException {
        return browser.goTo(path);
    }

    /** Looks at what comes, and runs no script in it: some answers are only parts of a page. */
    private Answer send(WebRequest request) throws IOException {
        browser.getOptions().setJavaScriptEnabled(false);
        try {
            Page page = browser.getPage(request);
            return new Answer(
                    page.getWebResponse().getStatusCode(), page.getWebResponse().getContentAsString());
        } finally {
            browser.getOptions().setJavaScriptEnabled(true);
        }
    }

    private URL url(String path) throws IOException {
        return new URL(jenkins.getURL(), path);
    }
}
