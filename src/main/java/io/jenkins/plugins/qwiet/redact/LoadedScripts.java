package io.jenkins.plugins.qwiet.redact;

import hudson.model.Run;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Hides tokens in the texts of scripts that a Pipeline runs by {@code load} or {@code evaluate}. Pipeline keeps these texts for the
 * page <i>Replay</i>, which shows them to whoever may replay the build. The program that was made of them stays as it is; what
 * a restart would make of them anew comes from {@code build.xml}, where tokens are hidden too.
 */
@OptionalExtension(requirePlugins = "workflow-cps")
public class LoadedScripts implements GraphListener.Synchronous {
    private static final Logger LOGGER = Logger.getLogger(LoadedScripts.class.getName());

    private final Map<CpsFlowExecution, Seen> seen = Collections.synchronizedMap(new WeakHashMap<>());

    /** How many scripts were looked at, and for what: those that were are never changed. */
    private record Seen(int scripts, Mask mask) {}

    /** In Pipeline's own thread, in which scripts are loaded. */
    @Override
    public void onNewHead(FlowNode node) {
        if (!BuildMask.anyHidesAnything() || !(node.getExecution() instanceof CpsFlowExecution execution)) {
            return;
        }
        try {
            if (execution.getOwner().getExecutable() instanceof Run<?, ?> run) {
                hide(execution, BuildMask.of(run).mask());
            }
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "The page Replay may show a token in the scripts of " + node);
        }
    }

    private void hide(CpsFlowExecution execution, Mask mask) throws ReflectiveOperationException {
        Map<String, String> scripts = mask.isEmpty() ? Map.of() : scriptsOf(execution);
        var now = new Seen(scripts.size(), mask);
        if (!scripts.isEmpty() && !now.equals(seen.put(execution, now))) {
            scripts.replaceAll((name, script) -> hide(script, mask));
        }
    }

    /** Without the quotes around a token, which a shell may have put there, the script would be none: they stay. */
    private static String hide(String script, Mask mask) {
        String escaped = script.replace("&", "&amp;").replace("'", "&apos;").replace("\"", "&quot;");
        return mask.hide(escaped).replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&");
    }

    /** Pipeline gives away copies only. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> scriptsOf(CpsFlowExecution execution) throws ReflectiveOperationException {
        Field field = CpsFlowExecution.class.getDeclaredField("loadedScripts");
        field.setAccessible(true);
        return (Map<String, String>) field.get(execution);
    }
}
