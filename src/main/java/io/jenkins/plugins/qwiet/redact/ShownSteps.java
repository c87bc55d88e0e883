package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.XStream2;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Says so in the log when a script hands a token to a step that shows it elsewhere, in clear: what {@code input} asks stands
 * on a page, and a label in the queue. No plugin can change what a step has got. What stands in the job's configuration:
 * {@link ShownInJobs}.
 */
@Extension
public class ShownSteps implements StepListener {
    private static final Logger LOGGER = Logger.getLogger(ShownSteps.class.getName());
    private static final Set<String> SHOWN = Set.of("input", "node");
    private static final XStream2 XSTREAM = new XStream2();

    @Override
    public void notifyOfNewStep(@NonNull Step step, @NonNull StepContext context) {
        String name = step.getDescriptor().getFunctionName();
        if (!SHOWN.contains(name) || !BuildMask.anyHidesAnything()) {
            return;
        }
        try {
            Run<?, ?> run = context.get(Run.class);
            Mask mask = run == null ? Mask.none() : BuildMask.of(run).mask();
            if (!mask.isEmpty() && mask.reveals(XSTREAM.toXML(step))) {
                context.get(TaskListener.class).getLogger().println(Messages.ShownSteps_shown(name));
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the step " + name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
