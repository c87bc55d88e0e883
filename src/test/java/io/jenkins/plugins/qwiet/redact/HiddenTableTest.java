package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Result;
import hudson.model.Run;
import hudson.plugins.ansicolor.AnsiColorBuildWrapper;
import hudson.plugins.timestamper.TimestamperBuildWrapper;
import hudson.plugins.timestamper.TimestamperConfig;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Makes the table of what is hidden, which {@code docs/masking.md} shows: each row done for each column, by real tools in real
 * builds. With {@code -Dmasking.table=write} it writes the file.
 */
class HiddenTableTest extends OnJenkins {
    private static final Path DOCUMENT = Path.of("docs/masking.md");
    private static final String BEGIN = "<!-- made by HiddenTableTest -->\n";

    /** What people do to a variable, and how; {@code $T} is the token, {@code URL} answers anything. */
    private static final Map<String, String> ROWS = new LinkedHashMap<>();

    static {
        ROWS.put("print it: `echo \"$TOKEN\"`", "echo \"$T\"");
        ROWS.put("`env`", "env");
        ROWS.put("`env \\| base64` (lines of 76)", "env | base64");
        ROWS.put("`openssl base64` of `user:token` (lines of 64)", "printf 'user:%s' \"$T\" | openssl base64");
        ROWS.put("the same with CRLF", "printf 'user:%s' \"$T\" | openssl base64 | sed 's/$/\\r/'");
        ROWS.put("Base64 of JSON, in one line", "printf '{\"a\": \"%s\"}' \"$T\" | base64 -w 0; echo");
        ROWS.put("PowerShell: Base64 of UTF-16", "printf '%s' \"$T\" | iconv -t UTF-16LE | base64 -w 0; echo");
        ROWS.put("PowerShell: a file in UTF-16 that is printed", "printf '%s' \"$T\" | iconv -t UTF-16LE; echo");
        ROWS.put("hexadecimal digits: `xxd -p`", "printf '%s' \"$T\" | xxd -p");
        ROWS.put("`od -An -tx1`", "printf '%s' \"$T\" | od -An -v -tx1");
        ROWS.put("`xxd`, with addresses and characters", "printf '%s' \"$T\" | xxd");
        ROWS.put(
                "`xxd -p` of a docker login (`config.json`)",
                "printf '{\"auths\": {\"r\": {\"auth\": \"%s\"}}}' \"$(printf 'user:%s' \"$T\" | base64 -w 0)\" | xxd -p");
        ROWS.put("`curl -v` with a bearer token", "curl -sv -H \"Authorization: Bearer $T\" URL 2>&1 || true");
        ROWS.put("`curl -v -u user:token`", "curl -sv -u \"user:$T\" URL 2>&1 || true");
        ROWS.put("`curl --trace - -u user:token`", "curl -s --trace - -u \"user:$T\" URL 2>&1 || true");
        ROWS.put("`set -x`", "(set -x; : \"$T\") 2>&1");
        ROWS.put("JSON", "printf '{\"token\": \"%s\"}\\n' \"$T\"");
        ROWS.put("a URL", "echo \"https://example.org/?token=$T&x=y\"");
        ROWS.put("a configuration file that is printed", "echo \"token = '$T'\" > .conf; cat .conf; rm .conf");
        ROWS.put("a stack trace", "python3 -c 'import os; raise Exception(os.environ[\"T\"])' 2>&1 || true");
        ROWS.put("folded at 80 columns: `fold`", "echo \"the token is $T\" | fold -w 80");
        ROWS.put("character by character: `rev`", "echo \"$T\" | rev");
    }

    private static final List<String> WHERE =
            List.of("block", "rest of build", "binding", "Declarative", "`credentials()`", "freestyle");

    private record Done(Run<?, ?> run, String token) {}

    private final Map<String, Map<String, String>> cells = new LinkedHashMap<>();

    @AfterEach
    void asItWas() {
        DurableTaskStep.USE_WATCHING = false;
        TimestamperConfig.get().setAllPipelines(false);
    }

    @Test
    void theDocumentSaysWhatIsHidden() throws Exception {
        jenkins.createOnlineSlave(Label.get("table"));
        for (boolean decorated : new boolean[] {false, true}) {
            TimestamperConfig.get().setAllPipelines(decorated);
            for (boolean agent : new boolean[] {false, true}) {
                DurableTaskStep.USE_WATCHING = agent;
                for (String where : WHERE) {
                    look(where, agent, decorated, done(where, agent ? "table" : "built-in", decorated));
                }
            }
        }

        String written = Files.readString(DOCUMENT);
        String made = written.substring(0, written.indexOf(BEGIN) + BEGIN.length()) + table();
        if ("write".equals(System.getProperty("masking.table"))) {
            Files.writeString(DOCUMENT, made);
        }
        assertThat(written).isEqualTo(made);
    }

    private void look(String where, boolean agent, boolean decorated, Done done) throws Exception {
        var leaks = new Leaks(done.token());
        var ofSignature = Leaks.ofSignature(done.token());
        String log = JenkinsRule.getLog(done.run());
        int number = 0;
        for (String row : ROWS.keySet()) {
            var part = Pattern.compile("(?s)=begin " + number + "=(.*)=end " + number + "=")
                    .matcher(log);
            assertThat(part.find()).as("row %s of %s", row, log).isTrue();
            number++;
            cells.computeIfAbsent(row, r -> new LinkedHashMap<>())
                    .put(
                            column(where, agent, decorated),
                            ofSignature.in(part.group(1))
                                    ? "shown"
                                    : leaks.in(part.group(1)) ? "signature hidden" : "hidden");
        }
    }

    private static String column(String where, boolean agent, boolean decorated) {
        return where + agent + decorated;
    }

    private String table() {
        var text = new StringBuilder("\n| what is done to the variable | ")
                .append(String.join(" | ", WHERE))
                .append(" |\n");
        text.append("|---|").append("---|".repeat(WHERE.size())).append('\n');
        for (var row : cells.entrySet()) {
            text.append("| ").append(row.getKey());
            for (String where : WHERE) {
                text.append(" | ").append(cell(row.getValue(), where));
            }
            text.append(" |\n");
        }
        return text.toString();
    }

    /** One word if it is the same on controller and agent, with and without other decorators. */
    private static String cell(Map<String, String> row, String where) {
        var words = new LinkedHashMap<String, String>();
        for (boolean agent : new boolean[] {false, true}) {
            for (boolean decorated : new boolean[] {false, true}) {
                String at = (agent ? "agent" : "controller") + (decorated ? ", decorated" : "");
                words.merge(row.get(column(where, agent, decorated)), at, (one, other) -> one + "; " + other);
            }
        }
        return words.size() == 1
                ? words.keySet().iterator().next()
                : words.entrySet().stream()
                        .map(each -> "**" + each.getKey() + "** (" + each.getValue() + ")")
                        .collect(Collectors.joining("; "));
    }

    private Done done(String where, String node, boolean decorated) throws Exception {
        String script = script();
        if (where.equals("freestyle")) {
            FreeStyleProject project = jenkins.createFreeStyleProject(newName());
            project.setAssignedLabel(Label.get(node));
            var builder = new QwietTokenBuilder("table " + project.getName());
            builder.setVariable("T");
            project.getBuildersList().add(builder);
            project.getBuildersList().add(new Shell("#!/bin/sh\n" + script));
            if (decorated) {
                project.getBuildWrappersList().add(new TimestamperBuildWrapper());
                project.getBuildWrappersList().add(new AnsiColorBuildWrapper("xterm"));
            }
            return new Done(jenkins.buildAndAssertSuccess(project), valueOf("table " + project.getName()));
        }
        String label = newName();
        String shell = "sh '''#!/bin/sh\n" + script.replace("\\", "\\\\") + "'''\nsemaphore 'PAUSE'";
        String body =
                switch (where) {
                    case "block" -> "withQwietCiToken(label: '" + label + "', variable: 'T') { SH }";
                    case "rest of build" -> "qwietCiToken(label: '" + label + "', variable: 'T')\nSH";
                    case "binding" ->
                        "withCredentials([qwietAccessToken(credentialsId: 'sa', label: '" + label
                                + "', variable: 'T')]) { SH }";
                    default -> "";
                };
        String colours = decorated
                ? "ansiColor('xterm') { wrap([$class: 'TimestamperBuildWrapper']) { timestamps { SH } } }"
                : "SH";
        String declared = where.equals("Declarative")
                ? "options { withQwietCiToken(label: '" + label + "', variable: 'T') }"
                : "environment { T = credentials('sa') }";
        String pipeline = body.isEmpty()
                ? "pipeline { agent { label '" + node + "' }\n" + declared + "\nstages { stage('s') { steps { "
                        + colours + " } } } }"
                : "node('" + node + "') { " + (decorated ? colours.replace("SH", body) : body) + " }";
        Paused build = paused(pipeline.replace("SH", shell));
        String token = qwiet.organization().liveTokens().iterator().next().value();
        // An agent keeps what it prints for a second, and Timestamper's wrapper does not hand on that a step is over
        // and it
        // should be sent: without this the end might come too late, whoever hides tokens.
        await().atMost(Duration.ofMinutes(1))
                .until(() -> JenkinsRule.getLog(build.run()).contains("=end " + (ROWS.size() - 1) + "="));
        return new Done(build.goOn(Result.SUCCESS), token);
    }

    private String script() {
        var script = new StringBuilder("set +x\n");
        int number = 0;
        for (String command : ROWS.values()) {
            script.append("echo =begin ").append(number).append("=\n");
            script.append(command.replace("URL", qwiet.address())).append('\n');
            script.append("echo =end ").append(number++).append("=\n");
        }
        return script.toString();
    }
}
