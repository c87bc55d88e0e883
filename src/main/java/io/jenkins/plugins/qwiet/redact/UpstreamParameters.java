package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.PasswordParameterValue;
import hudson.model.Queue;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.util.List;
import java.util.Objects;

/**
 * Makes a password of a parameter in which a build hands one of its tokens to another build: the value is the same, but
 * Jenkins encrypts it in the queue and with the build, and no page shows it. In the other build's log it is hidden by {@link
 * BuildMask}.
 */
@Extension
public class UpstreamParameters extends Queue.QueueDecisionHandler {
    @Override
    public boolean shouldSchedule(Queue.Task task, @NonNull List<Action> actions) {
        List<Mask> masks = actions.stream()
                .filter(CauseAction.class::isInstance)
                .flatMap(action -> ((CauseAction) action).getCauses().stream())
                .filter(Cause.UpstreamCause.class::isInstance)
                .map(cause -> ((Cause.UpstreamCause) cause).getUpstreamRun())
                .filter(Objects::nonNull)
                .map(run -> BuildMask.of(run).mask())
                .filter(mask -> !mask.isEmpty())
                .toList();
        if (!masks.isEmpty()) {
            actions.replaceAll(
                    action -> action instanceof ParametersAction parameters ? hide(parameters, masks) : action);
        }
        return true;
    }

    private static ParametersAction hide(ParametersAction parameters, List<Mask> masks) {
        List<ParameterValue> hidden = parameters.getAllParameters().stream()
                .map(parameter -> hide(parameter, masks))
                .toList();
        return hidden.equals(parameters.getAllParameters()) ? parameters : parameters.createUpdated(hidden);
    }

    private static ParameterValue hide(ParameterValue parameter, List<Mask> masks) {
        if (parameter instanceof StringParameterValue text
                && masks.stream().anyMatch(mask -> mask.reveals(Objects.toString(text.getValue(), "")))) {
            return new PasswordParameterValue(text.getName(), (String) text.getValue(), text.getDescription());
        }
        return parameter;
    }
}
