package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token without a label of its own is named as people call the job. */
class DefaultLabelTest extends OnJenkins {
    @Test
    void aBranchHasItsOwnName() throws Exception {
        String branch = newName();
        // As a multibranch Pipeline names the job of a branch with a slash.
        var job = new WorkflowJob(jenkins.jenkins, "feature%2F" + branch);
        jenkins.jenkins.add(job, job.getName());
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken { echo 'in' }", true));

        jenkins.buildAndAssertSuccess(job);

        assertThat(qwiet.requests())
                .filteredOn(request -> request.method().equals("POST"))
                .singleElement()
                .satisfies(request -> assertThat(request.body()).contains("\"feature/" + branch + " #1\""));
    }

    @ParameterizedTest
    @CsvSource({"shop/feature%2Fx+1,shop/feature/x+1", "shop/nightly,shop/nightly", "odd%2,odd%2", "gr%C3%BCn,grün"})
    void isWrittenAsPeopleWriteIt(String fullName, String label) {
        assertThat(ResolvedRequest.asPeopleWriteIt(fullName)).isEqualTo(label);
    }
}
