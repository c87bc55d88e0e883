package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.jenkins.support.SupportPlugin;
import com.cloudbees.jenkins.support.api.Component;
import com.cloudbees.jenkins.support.api.ComponentVisitor;
import com.cloudbees.jenkins.support.api.Container;
import com.cloudbees.jenkins.support.api.ObjectComponent;
import hudson.ExtensionList;
import hudson.logging.LogRecorder;
import hudson.model.AbstractModelObject;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.OwnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Somebody who asks for help makes a support bundle with all there is to tick, while builds run, and sends it away. */
@OwnJenkins
class SupportBundleTest {
    /** Two that have to be found, or the search for the others would prove nothing. */
    private static final String PLANTED = "planted-to-be-found-as-it-is-in-the-description-of-the-job";

    private static final String PLANTED_IN_BASE64 = "planted-to-be-found-in-base64-in-the-description-of-the-job";

    private static final String SCRIPT = """
            node('AGENT') {
                qwietCiToken(label: 'a')
                withQwietCiToken(label: 'b', variable: 'B') {
                    withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'c', variable: 'C')]) {
                        sh 'echo $SHIFTLEFT_ACCESS_TOKEN $B $C'
                        sh 'printf %s "$B" | base64; printf %s "x$SHIFTLEFT_ACCESS_TOKEN" | base64'
                        semaphore 'bundle'
                    }
                }
            }
            """;

    @Test
    void hasNoTokenInAnyOfItsFiles(JenkinsRule jenkins) throws Exception {
        var loud = new LogRecorder("qwiet");
        loud.setLoggers(List.of(
                new LogRecorder.Target("io.jenkins.plugins.qwiet", Level.ALL),
                new LogRecorder.Target("okhttp3", Level.ALL)));
        jenkins.jenkins.getLog().getRecorders().add(loud);
        var agent = jenkins.createOnlineSlave();
        try (var qwiet = FakeQwiet.start()) {
            QwietAccount.set(qwiet);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "bundled");
            job.setDescription(PLANTED + "\n"
                    + Base64.getMimeEncoder()
                            .encodeToString(("so " + PLANTED_IN_BASE64).getBytes(StandardCharsets.UTF_8)));
            job.setDefinition(new CpsFlowDefinition(SCRIPT.replace("AGENT", agent.getNodeName()), true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("bundle/1", run);
            List<String> secrets = Stream.concat(
                            Stream.of(qwiet.organization().serviceAccount()),
                            qwiet.organization().liveTokens().stream().map(FakeToken::value))
                    .toList();
            assertThat(secrets).hasSize(4);

            Map<String, String> meanwhile = bundles(run, agent.toComputer());

            assertThat(meanwhile.get("running-builds.txt")).contains("bundled #1");
            assertThat(meanwhile.get("nodes.md")).contains(agent.getNodeName());
            assertThat(meanwhile.get("plugins/active.txt")).contains("qwiet-ci-token");
            assertThat(meanwhile).containsKey("nodes/master/logs/custom/qwiet.log");
            assertThat(meanwhile.get("items/bundled/builds/1/log"))
                    .contains("Qwiet: created CI token \"b\"", "**** **** ****");
            assertThat(meanwhile).containsKey("items/bundled/builds/1/program.dat");
            assertThat(filesWith(PLANTED, meanwhile)).contains("items/bundled/config.xml");
            assertThat(filesWith(PLANTED_IN_BASE64, meanwhile)).containsExactly("items/bundled/config.xml");
            assertThat(filesWithAny(secrets, meanwhile)).isEmpty();

            SemaphoreStep.success("bundle/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(filesWithAny(secrets, bundles(run, agent.toComputer()))).isEmpty();
        }
    }

    /** That of Jenkins, and those that can be made of one build, one job and one agent; the files by their names. */
    private static Map<String, String> bundles(WorkflowRun run, AbstractModelObject agent) throws IOException {
        var files = new LinkedHashMap<String, String>();
        var out = new ByteArrayOutputStream();
        SupportPlugin.writeBundle(out, new ArrayList<>(ExtensionList.lookup(Component.class)));
        unpack(out, files);
        for (AbstractModelObject object : List.of(run, run.getParent(), agent)) {
            out.reset();
            SupportPlugin.writeBundle(out, ObjectComponent.allInstances(object), about(object), null, true);
            unpack(out, files);
        }
        assertThat(files).hasSizeGreaterThan(50);
        return files;
    }

    private static ComponentVisitor about(AbstractModelObject object) {
        return new ComponentVisitor() {
            @Override
            @SuppressWarnings("unchecked")
            public <T extends Component> void visit(Container container, T component) {
                ((ObjectComponent<AbstractModelObject>) component).addContents(container, object);
            }
        };
    }

    private static void unpack(ByteArrayOutputStream bundle, Map<String, String> files) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bundle.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] bytes = zip.readAllBytes();
                if (entry.getName().endsWith(".gz")) {
                    bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
                }
                // Bundles of several things have files of the same name, the manifest for one.
                files.merge(entry.getName(), new String(bytes, StandardCharsets.ISO_8859_1), String::concat);
            }
        }
    }

    private static List<String> filesWithAny(List<String> secrets, Map<String, String> files) {
        return secrets.stream()
                .flatMap(secret -> filesWith(secret, files).stream())
                .toList();
    }

    /** The names of those in which a secret stands, as it is, in Base64 at any alignment, or encoded for a URL. */
    private static List<String> filesWith(String secret, Map<String, String> files) {
        // The signature of a token is what is secret of it; without the rest it is just as bad.
        String secretPart = secret.substring(secret.lastIndexOf('.') + 1);
        var forms = new ArrayList<>(List.of(secretPart, URLEncoder.encode(secret, StandardCharsets.UTF_8)));
        for (String before : List.of("", "x", "xx")) {
            String encoded = Base64.getEncoder().encodeToString((before + secret).getBytes(StandardCharsets.UTF_8));
            // What is encoded of the signature alone; the very last characters depend on what follows.
            forms.add(encoded.substring(encoded.length() - 44, encoded.length() - 4));
        }
        return files.entrySet().stream()
                .filter(file -> {
                    String inOneLine = file.getValue().replaceAll("&#xd;|[\\r\\n]", "");
                    return forms.stream().anyMatch(inOneLine::contains);
                })
                .map(Map.Entry::getKey)
                .toList();
    }
}
