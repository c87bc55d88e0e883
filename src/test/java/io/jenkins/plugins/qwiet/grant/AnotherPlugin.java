package io.jenkins.plugins.qwiet.grant;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildWrapperDescriptor;
import jenkins.tasks.SimpleBuildWrapper;

/** Sets the variable as any plugin may, without a word about it in the Pipeline. A test has one of its own. */
abstract class AnotherPlugin extends SimpleBuildWrapper {
    private final String value;

    AnotherPlugin(String value) {
        this.value = value;
    }

    @Override
    public void setUp(
            Context context,
            Run<?, ?> build,
            FilePath workspace,
            Launcher launcher,
            TaskListener listener,
            EnvVars initial) {
        context.env("SHIFTLEFT_ACCESS_TOKEN", value);
    }

    /** The form. */
    abstract static class Form extends BuildWrapperDescriptor {
        @Override
        public boolean isApplicable(AbstractProject<?, ?> project) {
            return true;
        }
    }
}
