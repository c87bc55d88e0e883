package io.jenkins.plugins.qwiet.report;

import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import hudson.model.TopLevelItemDescriptor;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import java.util.Map;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.model.ModifiableTopLevelItemGroup;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** The two kinds of jobs that can audit, made alike. */
enum AuditedJob {
    PIPELINE {
        @Override
        Job<?, ?> make(ModifiableTopLevelItemGroup group, String name, boolean mints, Map<String, Object> arguments)
                throws Exception {
            WorkflowJob job = create(group, WorkflowJob.class, name);
            String given = arguments.entrySet().stream()
                    .map(argument -> argument.getKey() + ": " + literal(argument.getValue()))
                    .collect(Collectors.joining(", "));
            String mint = mints ? "qwietCiToken(label: '" + MINTED + "')\n" : "";
            job.setDefinition(new CpsFlowDefinition(mint + "qwietTokenAudit(" + given + ")", true));
            return job;
        }
    },
    FREESTYLE {
        @Override
        Job<?, ?> make(ModifiableTopLevelItemGroup group, String name, boolean mints, Map<String, Object> arguments)
                throws Exception {
            FreeStyleProject job = create(group, FreeStyleProject.class, name);
            if (mints) {
                job.getBuildersList().add(new QwietTokenBuilder(MINTED));
            }
            job.getPublishersList().add(new DescribableModel<>(QwietTokenAudit.class).instantiate(arguments, null));
            return job;
        }
    };

    /** The label of the token that a build mints. */
    static final String MINTED = "minted here";

    private static int made;

    /**
     * Makes one.
     *
     * @param mints whether a build mints a token for all of the build first
     * @param arguments of the audit
     */
    abstract Job<?, ?> make(
            ModifiableTopLevelItemGroup group, String name, boolean mints, Map<String, Object> arguments)
            throws Exception;

    /** Makes a job at the top, and builds it. */
    Run<?, ?> build(JenkinsRule jenkins, Result expected, boolean mints, Map<String, Object> arguments)
            throws Exception {
        return build(jenkins, expected, make(jenkins.jenkins, newName(), mints, arguments));
    }

    static Run<?, ?> build(JenkinsRule jenkins, Result expected, Job<?, ?> job) throws Exception {
        var future = ParameterizedJobMixIn.scheduleBuild2(job, 0);
        return jenkins.assertBuildStatus(
                expected, (Run<?, ?>) future.getFuture().get());
    }

    static String newName() {
        return "audited-" + ++made;
    }

    private static <T extends TopLevelItem> T create(ModifiableTopLevelItemGroup group, Class<T> type, String name)
            throws Exception {
        var descriptor = (TopLevelItemDescriptor) Jenkins.get().getDescriptorOrDie(type);
        return type.cast(group.createProject(descriptor, name, true));
    }

    private static String literal(Object value) {
        return value instanceof String text ? "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'" : "" + value;
    }
}
