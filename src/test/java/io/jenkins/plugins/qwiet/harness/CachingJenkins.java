package io.jenkins.plugins.qwiet.harness;

import hudson.security.ACL;
import java.lang.annotation.Annotation;
import org.htmlunit.Cache;
import org.jvnet.hudson.test.JenkinsRule;
import org.kohsuke.stapler.MetaClass;

/**
 * Keeps what a page is made of, as Jenkins does outside of tests: compiled views, and in browsers the styles and scripts of
 * Jenkins. To read them anew for each page took a third of the time of all tests.
 */
final class CachingJenkins extends JenkinsRule {
    private static final Cache SEEN = new Cache() {
        private static final long serialVersionUID = 1;

        @Override
        public void clear() {
            // A browser that is closed takes nothing away from others.
        }
    };

    static {
        SEEN.setMaxSize(500);
    }

    /** For a class of tests. */
    CachingJenkins(Class<?> type) {
        // What the rule goes by is still of JUnit 4, from which no test may import anything.
        testDescription = org.junit.runner.Description.createTestDescription(type.getName(), null, new Annotation[0]);
        useForViews();
    }

    /** In each Jenkins of this process from now on. */
    static void useForViews() {
        // The constants of JenkinsRule, whose class is there by now, say the opposite.
        MetaClass.NO_CACHE = false;
    }

    @Override
    public void recipe() throws Exception {
        // As for any test: the thread that runs it may do everything.
        ACL.as2(ACL.SYSTEM2);
        super.recipe();
    }

    @Override
    public WebClient createWebClient() {
        WebClient client = super.createWebClient();
        client.setCache(SEEN);
        return client;
    }
}
