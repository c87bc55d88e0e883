package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.TestExtension;
import org.springframework.security.core.Authentication;

/** Something that provides credentials breaks while a build holds a token. */
class BrokenProviderTest extends OnJenkins {
    @AfterEach
    void mend() {
        Broken.broken = null;
    }

    @ParameterizedTest
    @EnumSource
    void isToldInTheLogAndInTheRecordAndTheTokenGoesOnceItIsMended(How how) throws Exception {
        Paused held = paused("withQwietCiToken(label: 'held') { semaphore 'PAUSE' }");
        // What is kept in memory is found no more, as after a restart.
        QwietConnections.get().moved("", newName());
        Broken.broken = how;
        SemaphoreStep.success(held.pause() + "/1", null);

        WorkflowRun run = jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(held.run()));

        jenkins.assertLogContains("is not revoked yet: The service account could not be looked up", run);
        assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                .singleElement()
                .satisfies(token -> assertThat(token.problem()).contains("could not be looked up"));
        Broken.broken = null;
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JenkinsLeases.get().janitor().sweepAll();
            assertThat(qwiet.organization().liveTokens()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void holdsUpNoRevocationAsLongAsJenkinsRemembersTheAccount(How how) throws Exception {
        Paused held = paused("withQwietCiToken(label: 'held') { semaphore 'PAUSE' }");
        Broken.broken = how;

        jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", held.goOn(Result.SUCCESS));
    }

    @ParameterizedTest
    @EnumSource
    void isSaidInFormsAndInTheBuildThatWantsAToken(How how) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        Broken.broken = how;

        assertThat(AccountForm.accounts(job, QwietAccount.ID))
                .extracting(option -> option.value)
                .contains(QwietAccount.ID);
        assertThat(List.of(
                        AccountForm.checkAccount(job, QwietAccount.ID),
                        QwietConfiguration.get().doCheckCredentialsId(QwietAccount.ID),
                        QwietConfiguration.get()
                                .doTestConnection(
                                        qwiet.address(), qwiet.organization().id(), QwietAccount.ID)))
                .allSatisfy(answer -> assertThat(answer)
                        .hasMessageContaining(
                                "could not be looked up, because a credentials provider failed (" + how.kind + ")"));
        jenkins.assertLogContains(
                "The service account \"sa\" could not be looked up, because a credentials provider failed",
                build(Result.FAILURE, "withQwietCiToken { }"));
    }

    /** A plugin that was made for another version throws the second; a client without a thread, the third; one that asks itself, the last. */
    enum How {
        EXCEPTION("IllegalStateException") {
            @Override
            void fail() {
                throw new IllegalStateException("the vault is sealed");
            }
        },
        NO_METHOD("NoSuchMethodError") {
            @Override
            void fail() {
                throw new NoSuchMethodError("ofAnotherVersion()");
            }
        },
        NO_THREAD("OutOfMemoryError") {
            @Override
            void fail() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        },
        NO_END("StackOverflowError") {
            @Override
            void fail() {
                throw new StackOverflowError();
            }
        };

        private final String kind;

        How(String kind) {
            this.kind = kind;
        }

        abstract void fail();
    }

    @TestExtension
    public static class Broken extends CredentialsProvider {
        static volatile How broken;

        private static <C> List<C> none() {
            How how = broken;
            if (how != null) {
                how.fail();
            }
            return List.of();
        }

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type, ItemGroup group, Authentication authentication, List<DomainRequirement> domains) {
            return none();
        }

        @Override
        public <C extends Credentials> List<C> getCredentialsInItem(
                Class<C> type, Item item, Authentication authentication, List<DomainRequirement> domains) {
            return none();
        }
    }
}
