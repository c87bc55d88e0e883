package io.jenkins.plugins.qwiet.grant;

import com.thoughtworks.xstream.XStreamException;
import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.XStream2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionList;

/**
 * The builds that Pipeline is going to resume, by the file in which it remembers them ({@code FlowExecutionList.DefaultStorage}):
 * its own methods would load each of them. A build whose job was renamed while it ran has its former name there.
 */
final class PipelinesToResume {
    private static final Logger LOGGER = Logger.getLogger(PipelinesToResume.class.getName());

    private PipelinesToResume() {}

    /** Their names, as {@code Run.getExternalizableId} gives them; without what cannot be read. Reads from disk. */
    @NonNull
    static Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        Path file = Jenkins.get().getRootDir().toPath().resolve(FlowExecutionList.class.getName() + ".xml");
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                HierarchicalStreamReader xml = XStream2.getDefaultDriver().createReader(in);
                while (xml.hasMoreChildren()) {
                    xml.moveDown();
                    addOwner(xml, names);
                    xml.moveUp();
                }
            } catch (IOException | XStreamException e) {
                // Pipeline itself is going to say so, and resumes none.
                LOGGER.log(Level.FINE, e, () -> "Not to be read: " + file);
            }
        }
        return names;
    }

    private static void addOwner(HierarchicalStreamReader owner, Set<String> names) {
        String job = null;
        String number = null;
        while (owner.hasMoreChildren()) {
            owner.moveDown();
            switch (owner.getNodeName()) {
                case "job" -> job = owner.getValue();
                case "id" -> number = owner.getValue();
                default -> {
                    // Of another kind of owner.
                }
            }
            owner.moveUp();
        }
        if (job != null && number != null) {
            names.add(job + "#" + number);
        }
    }
}
