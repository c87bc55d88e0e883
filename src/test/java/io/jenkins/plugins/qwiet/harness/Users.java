package io.jenkins.plugins.qwiet.harness;

import hudson.model.Item;
import jenkins.model.Jenkins;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * The users that tests of pages have in common, whose names are their passwords: "admin" may do everything, "reader" sees each
 * job, "auditor" sees the system and no job, "nobody" sees that there is a Jenkins.
 */
public final class Users {
    private Users() {}

    /** Lets them in, and nobody else. */
    public static void letIn(JenkinsRule jenkins) {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(strategy());
    }

    /** The same, for a test that lets somebody do more. */
    public static MockAuthorizationStrategy strategy() {
        return new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader", "auditor", "nobody")
                .grant(Item.READ)
                .everywhere()
                .to("reader")
                .grant(Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor");
    }
}
