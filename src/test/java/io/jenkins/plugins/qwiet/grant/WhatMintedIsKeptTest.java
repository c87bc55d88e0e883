package io.jenkins.plugins.qwiet.grant;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;

/** What minted a token is kept until that is gone, whatever is looked up by the same name meanwhile. */
class WhatMintedIsKeptTest extends OnJenkins {
    private static final String HOLD = "withQwietCiToken(label: 'held') { semaphore 'PAUSE' }";

    private static void anotherBuild(Result result) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'other') { echo 'scans' }", true));
        jenkins.assertBuildStatus(result, job.scheduleBuild2(0).get());
    }

    private static void heldIsRevoked(Paused build) throws Exception {
        SemaphoreStep.success(build.pause() + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build.run()));
        jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", build.run());
    }

    @Test
    void thoughAnotherBuildTriesWithOneThatIsMistyped() throws Exception {
        Paused build = paused(HOLD);
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, "mistyped-token-of-nobody-at-all");
        anotherBuild(Result.FAILURE);
        heldIsRevoked(build);
    }

    @Test
    void thoughAnotherBuildMintsWithOneOfAnotherOrganization() throws Exception {
        Paused build = paused(HOLD);
        var other = qwiet.addOrganization();
        QwietAccount.removeAll(jenkins.jenkins);
        var account = new QwietServiceAccount(
                CredentialsScope.GLOBAL, QwietAccount.ID, "", Secret.fromString(other.serviceAccount()));
        account.setOrgId(other.id());
        CredentialsProvider.lookupStores(jenkins.jenkins).iterator().next().addCredentials(Domain.global(), account);
        anotherBuild(Result.SUCCESS);
        heldIsRevoked(build);
    }
}
