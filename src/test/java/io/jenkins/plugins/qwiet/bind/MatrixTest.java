package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.matrix.AxisList;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.TextAxis;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.junit.jupiter.api.Test;

/** Jobs of the kind "Multi-configuration project". */
class MatrixTest extends OnJenkins {
    @Test
    void eachCellOfAMatrixHasItsOwn() throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class, newName());
        project.setAxes(new AxisList(new TextAxis("PART", "one", "two")));
        project.getBuildersList().add(new QwietTokenBuilder("cell ${PART}"));
        project.getBuildersList().add(new Shell("echo \"cell: $SHIFTLEFT_ACCESS_TOKEN\""));

        MatrixBuild build = project.scheduleBuild2(0).get();

        jenkins.assertBuildStatusSuccess(build);
        assertThat(build.getExactRuns()).hasSize(2).allSatisfy(run -> {
            jenkins.assertLogContains("cell: ****", run);
            jenkins.assertLogContains("Qwiet: revoked CI token \"cell ", run);
        });
        assertThat(valueOf("cell one")).isNotEqualTo(valueOf("cell two"));
    }
}
