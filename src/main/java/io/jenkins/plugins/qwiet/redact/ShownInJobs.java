package io.jenkins.plugins.qwiet.redact;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * Says so in the log when a running build has put a token into its job's configuration, whoever wrote it there: the step
 * {@code properties}, or {@code parameters}, {@code options} and {@code triggers} of a Declarative Pipeline.
 */
@Extension
public class ShownInJobs extends SaveableListener {
    private static final Logger LOGGER = Logger.getLogger(ShownInJobs.class.getName());

    private final Set<Run<?, ?>> said = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (!(saved instanceof Job<?, ?> job) || !BuildMask.anyHidesAnything()) {
            return;
        }
        try {
            String configuration = null;
            for (Run<?, ?> run = job.getLastBuild(); run != null; run = run.getPreviousBuildInProgress()) {
                Mask mask = BuildMask.of(run).mask();
                FlowExecutionOwner owner =
                        run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
                if (!mask.isEmpty() && run.isBuilding() && owner != null) {
                    configuration = configuration == null ? file.asString() : configuration;
                    if (mask.reveals(configuration) && said.add(run)) {
                        owner.getListener().getLogger().println(Messages.ShownInJobs_shown());
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the configuration of " + job);
        }
    }
}
