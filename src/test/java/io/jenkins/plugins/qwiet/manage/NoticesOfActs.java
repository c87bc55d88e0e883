package io.jenkins.plugins.qwiet.manage;

import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.Users;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.jvnet.hudson.test.JenkinsRule;

/** What the tests of notices have in common. */
abstract class NoticesOfActs extends WithQwiet {
    static final String PAGE = "manage/qwiet-ci-tokens/";
    LeaseStore store;

    @BeforeAll
    static void letIn() {
        Users.letIn(jenkins);
    }

    @BeforeEach
    void openStore() throws Exception {
        store = JenkinsLeases.get().leasing().store();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
    }

    String open(int number, String label, String buildId) throws Exception {
        String id = qwiet.organization().add(label, "", null, "access").id();
        Lease lease = SomeLeases.lease(
                number, label, buildId, SomeLeases.organization(qwiet), id, SomeLeases.now(), null, null);
        store.put(SomeLeases.openedNow(lease)).get();
        return id;
    }

    static HtmlPage act(JenkinsRule.WebClient client, String path) throws Exception {
        return client.getPage(client.addCrumb(new WebRequest(new URL(jenkins.getURL(), PAGE + path), HttpMethod.POST)));
    }

    static List<String> notices(HtmlPage page) {
        return page.querySelectorAll(".qwiet-notice").stream()
                .map(DomNode::asNormalizedText)
                .toList();
    }

    void endTheRest() throws Exception {
        qwiet.clearFaults();
        JenkinsLeases.get().janitor().sweepAll().get();
    }

    String query() {
        return "?org=" + qwiet.organization().id() + "&api="
                + URLEncoder.encode(QwietConfiguration.get().getApiAddress(), StandardCharsets.UTF_8);
    }
}
