package io.jenkins.plugins.qwiet.harness;

import hudson.model.Run;
import java.io.IOException;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.htmlunit.WebRequest;
import org.jvnet.hudson.test.JenkinsRule;

/** What Jenkins shows of a build over HTTP. */
public final class Pages {
    private static final List<String> OF_ANY_BUILD = List.of(
            "",
            "api/json?depth=9",
            "api/xml?depth=9",
            "api/json?tree=*,actions[*,tokens[*]]",
            "console",
            "consoleText",
            "consoleFull",
            "configure",
            "parameters/",
            "injectedEnvVars/",
            "env/");

    private Pages() {}

    /** By their path; those that this kind of build lacks are left out. */
    public static Map<String, String> of(JenkinsRule jenkins, Run<?, ?> run, String... more) throws IOException {
        var pages = new HashMap<String, String>();
        try (var client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
            client.getOptions().setJavaScriptEnabled(false);
            for (String path : OF_ANY_BUILD) {
                read(client, run, path, pages);
            }
            for (String path : more) {
                read(client, run, path, pages);
            }
        }
        return pages;
    }

    private static void read(JenkinsRule.WebClient client, Run<?, ?> run, String path, Map<String, String> pages)
            throws IOException {
        // Nobody needs to make a page of it.
        var answer = client.loadWebResponse(new WebRequest(new URL(client.getContextPath() + run.getUrl() + path)));
        if (answer.getStatusCode() == 200) {
            pages.put(path, answer.getContentAsString());
        }
    }
}
