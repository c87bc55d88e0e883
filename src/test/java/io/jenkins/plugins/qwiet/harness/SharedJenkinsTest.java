package io.jenkins.plugins.qwiet.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import jenkins.model.JenkinsLocationConfiguration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The one class whose tests stand in an order: what the first one changes, the second one must not find. */
@SharedJenkins
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedJenkinsTest {
    @Test
    @Order(1)
    void aTestMayChangeWhatAllShare(JenkinsRule jenkins) throws Exception {
        QwietConfiguration.get().setVariable("LEFT");
        QwietConfiguration.get().setRevokeAtEnd(false);
        QwietConfiguration.get().save();
        JenkinsLocationConfiguration.get().setUrl("https://left.example/");
        jenkins.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(new EnvironmentVariablesNodeProperty.Entry("LEFT", "over")));
        jenkins.jenkins.setNumExecutors(7);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy());
        jenkins.createFreeStyleProject("left");
        jenkins.createSlave();
        QwietAccount.add(jenkins.jenkins, "left", "a token of nobody");
    }

    @Test
    @Order(2)
    void theNextOneFindsNothingOfIt(JenkinsRule jenkins) throws Exception {
        assertThat(QwietConfiguration.get().getVariable()).isEqualTo(QwietConfiguration.DEFAULT_VARIABLE);
        assertThat(QwietConfiguration.get().isRevokeAtEnd()).isTrue();
        assertThat(JenkinsLocationConfiguration.get().getUrl()).isNotEqualTo("https://left.example/");
        assertThat(jenkins.jenkins.getGlobalNodeProperties().toList()).isEmpty();
        assertThat(jenkins.jenkins.getNumExecutors()).isNotEqualTo(7);
        assertThat(jenkins.jenkins.isUseSecurity()).isFalse();
        assertThat(jenkins.jenkins.getItems()).isEmpty();
        assertThat(jenkins.jenkins.getNodes()).isEmpty();
        assertThat(SystemCredentialsProvider.getInstance().getCredentials()).isEmpty();
    }
}
