package io.jenkins.plugins.qwiet.security;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.model.Item;
import jenkins.model.Jenkins;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Users of a Jenkins, from the mightiest to the one who may next to nothing. */
final class SecuredJenkins {
    static final String ADMIN = "admin";
    /** May configure jobs, and so choose among the credentials that they may use. */
    static final String DEVELOPER = "developer";
    /** May make credentials, but not configure jobs. */
    static final String KEEPER = "keeper";
    /** Sees jobs, and not how they are configured. */
    static final String READER = "reader";

    private SecuredJenkins() {}

    static void secure(JenkinsRule jenkins) {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to(ADMIN)
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to(READER, DEVELOPER, KEEPER)
                .grant(Item.CONFIGURE, Item.EXTENDED_READ)
                .everywhere()
                .to(DEVELOPER)
                .grant(CredentialsProvider.CREATE, CredentialsProvider.UPDATE, CredentialsProvider.VIEW)
                .everywhere()
                .to(KEEPER));
    }
}
