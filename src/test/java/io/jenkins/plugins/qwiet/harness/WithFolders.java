package io.jenkins.plugins.qwiet.harness;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.config.QwietFolderProperty;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import java.util.function.Consumer;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeEach;

/** Tests of jobs in folders: of a team, within that, and of others. */
public abstract class WithFolders extends OnJenkins {
    protected Folder team;
    protected Folder inner;
    protected Folder otherTeam;

    @BeforeEach
    final void makeFolders() throws Exception {
        team = jenkins.createProject(Folder.class, newName());
        inner = team.createProject(Folder.class, "inner");
        otherTeam = jenkins.createProject(Folder.class, newName());
    }

    /** Instead of what the folder had. */
    protected static QwietFolderProperty property(Folder folder, Consumer<QwietFolderProperty> set) throws Exception {
        var property = new QwietFolderProperty();
        set.accept(property);
        folder.getProperties().remove(QwietFolderProperty.class);
        folder.addProperty(property);
        return property;
    }

    /** Its organization, which differs from the global one, with an account of its own there. */
    protected final FakeOrganization organizationOf(Folder folder) throws Exception {
        FakeOrganization other = qwiet.addOrganization();
        QwietAccount.add(folder, "of-the-team", other.serviceAccount());
        property(folder, set -> {
            set.setCredentialsId("of-the-team");
            set.setOrgId(other.id());
        });
        return other;
    }

    protected static WorkflowJob job(Folder folder, String script) throws Exception {
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    protected static String logOfFailed(Folder folder, String script) throws Exception {
        return jenkins.getLog(
                jenkins.assertBuildStatus(Result.FAILURE, job(folder, script).scheduleBuild2(0)));
    }

    protected static void runDsl(String script) throws Exception {
        var step = new ExecuteDslScripts();
        step.setUseScriptText(true);
        step.setScriptText(script);
        FreeStyleProject seed = jenkins.createFreeStyleProject(newName());
        seed.getBuildersList().add(step);
        jenkins.buildAndAssertSuccess(seed);
    }

    protected static QwietFolderProperty propertyOf(String folder) {
        return jenkins.jenkins
                .getItemByFullName(folder, Folder.class)
                .getProperties()
                .get(QwietFolderProperty.class);
    }
}
