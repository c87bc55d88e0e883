package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.console.ConsoleLogFilter;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.OutputStream;

/**
 * Hides the tokens of a freestyle build in its log, which is opened before there is one. Of these filters the last one
 * sees first what was written ({@code Run.createBuildListener}), hence an ordinal below all numbers.
 */
@Extension(ordinal = Double.NEGATIVE_INFINITY)
public class FreestyleMask extends ConsoleLogFilter {
    @Override
    public OutputStream decorateLogger(@NonNull Run run, OutputStream log) {
        if (!(run instanceof AbstractBuild)) {
            return log;
        }
        BuildMask mask = BuildMask.ofPrinting(run);
        return new MaskingOutputStream(log, mask::mask);
    }
}
