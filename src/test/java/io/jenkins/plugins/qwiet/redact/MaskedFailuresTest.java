package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.sun.management.ThreadMXBean;
import groovy.lang.GroovyShell;
import hudson.Functions;
import hudson.model.Result;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A step may fail again and again: in {@code retry} and {@code waitUntil}. Counts what is allocated; measures no time. */
class MaskedFailuresTest extends OnJenkins {
    private final Random random = new Random(17);

    private List<Secret> tokens(int count) {
        var values = new ArrayList<Secret>();
        for (int i = 0; i < count; i++) {
            byte[] signature = new byte[32];
            random.nextBytes(signature);
            values.add(Secret.fromString("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature)));
        }
        return values;
    }

    private static void hold(Run<?, ?> run, List<Secret> tokens) {
        BuildMask.of(run)
                .hide(tokens.stream()
                        .map(Secret::getPlainText)
                        .map(SecretText::of)
                        .toList());
    }

    private static long allocatedByFailing(Run<?, ?> run, List<Secret> tokens) {
        hold(run, tokens);
        var handler = new MaskedFailures(tokens);
        var failure = new IOException("exit code 1");
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        assertThat(handler.handle(new OfBuild(run), failure)).isSameAs(failure);
        return threads.getThreadAllocatedBytes(id) - before;
    }

    @Test
    void makesNoMasksAnewThatTheBuildHas() throws Exception {
        Run<?, ?> run = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject(newName()));
        allocatedByFailing(run, tokens(1));
        long one = allocatedByFailing(run, tokens(1));

        assertThat(allocatedByFailing(run, tokens(100)))
                .as("with 1 token %s bytes", one)
                .isLessThan(4 * one);
        hold(run, List.of());
    }

    @Test
    void hidesWhatTheBuildKnowsAndWhatOnlyTheBlockKnows() throws Exception {
        Run<?, ?> run = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject(newName()));
        List<Secret> tokens = tokens(3);
        hold(run, tokens.subList(0, 2));
        var handler = new MaskedFailures(tokens.subList(1, 3));
        String message = "of %s, %s and %s";

        Throwable hidden = handler.handle(
                new OfBuild(run),
                new IOException(String.format(
                        message, tokens.stream().map(Secret::getPlainText).toArray())));

        assertThat(hidden).hasMessageContaining("of ****, **** and ****");
        hold(run, List.of());
    }

    /** Scripts catch classes of errors, ask them for what they keep, and a result may be in one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BLOCK { try { error MESSAGE } catch (hudson.AbortException e) { echo 'caught' } }",
                "try { BLOCK { error MESSAGE } } catch (hudson.AbortException e) { echo 'caught' }",
                "try { BLOCK { throw new FileNotFoundException(MESSAGE) } } catch (FileNotFoundException e) { echo 'caught' }",
                "try { BLOCK { throw new IllegalStateException(MESSAGE) } } catch (IllegalStateException e) { echo 'caught' }",
                "try { BLOCK { Integer.parseInt(MESSAGE) } } catch (NumberFormatException e) { echo 'caught' }",
                "try { BLOCK { throw new InterruptedException(MESSAGE) } } catch (InterruptedException e) { echo 'caught' }",
                "try { BLOCK { new URI('http://a b/' + MESSAGE) } } catch (URISyntaxException e) { echo \"caught at ${e.index}\" }",
                "try { BLOCK { throw new IllegalStateException(null as String, new Exception(MESSAGE)) } }"
                        + " catch (IllegalStateException e) { echo \"caught ${e.message}\" }",
                "try { BLOCK { ''.refuse(MESSAGE, a: [MESSAGE]) } } catch (MissingMethodException e) { echo \"caught ${e.method}\" }",
                "class Refused extends Exception { int code; List why; Refused(String m, int c) { super(m); code = c; why = [\"$m\"] } }\n"
                        + "try { BLOCK { throw new Refused(MESSAGE, 403) } } catch (Refused e) { echo \"caught ${e.code} ${e.why.size()}\" }",
                "try { BLOCK { assert 1 == 2 : MESSAGE } } catch (Exception e) { echo 'caught as Exception' }",
                "try { BLOCK { assert 1 == 2 : MESSAGE } } catch (AssertionError e) { echo 'caught as AssertionError' }",
                "try { BLOCK { throw new Error(MESSAGE) } } catch (Exception e) { echo 'caught' }",
                "try { BLOCK { throw new Throwable(MESSAGE) } } catch (Exception e) { echo 'caught' }",
                "int n = 0; retry(count: 2, conditions: [agent()]) { if (n++ > 0) { echo 'caught' } else { BLOCK {"
                        + " def f = new java.nio.channels.ClosedChannelException(); f.addSuppressed(new Exception(MESSAGE)); throw f } } }",
                "int n = 0; retry(count: 2, conditions: [agent()]) { if (n++ > 0) { echo 'caught' } else { BLOCK {"
                        + " def f = new org.jenkinsci.plugins.workflow.steps.MissingContextVariableException(hudson.FilePath);"
                        + " f.addSuppressed(new Exception(MESSAGE)); throw f } } }",
                "class Refused extends Exception { Date at = new Date(); UUID id = UUID.randomUUID(); Refused(String m) { super(m) } }\n"
                        + "try { BLOCK { throw new Refused(MESSAGE) } } catch (Refused e) { echo \"caught ${e.id != null}\" }",
                "BLOCK { catchError(buildResult: 'UNSTABLE', stageResult: 'FAILURE') { error MESSAGE } }",
                "BLOCK { def f = new"
                        + " org.jenkinsci.plugins.workflow.steps.FlowInterruptedException(hudson.model.Result.ABORTED, true);"
                        + " f.addSuppressed(new Exception(MESSAGE)); throw f }",
                "BLOCK { throw new"
                        + " org.jenkinsci.plugins.workflow.steps.FlowInterruptedException(hudson.model.Result.UNSTABLE, false,"
                        + " new jenkins.model.CauseOfInterruption.UserInterruption(MESSAGE)) }",
            })
    void aBuildEndsAsItDoesWithoutATokenInTheMessage(String script) throws Exception {
        assertEndsAsWithoutAToken(script.replace("BLOCK", "withQwietCiToken(label: 'L', variable: 'T')"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "try { withEnv(['A=b']) { throw new IllegalStateException(MESSAGE) } } catch (IllegalStateException e) { echo 'caught' }",
                "try { withEnv(['A=b']) { stage('s') { assert 1 == 2 : MESSAGE } } } catch (Exception e) { echo 'caught' }",
            })
    void aBuildEndsAsItDoesWithoutATokenOfItsRestInTheMessage(String script) throws Exception {
        assertEndsAsWithoutAToken("qwietCiToken(label: 'L', variable: 'T')\n" + script);
    }

    private void assertEndsAsWithoutAToken(String script) throws Exception {
        WorkflowRun without = trusted(script.replace("MESSAGE", "\"refused for nobody\""));

        WorkflowRun run = trusted(script.replace("MESSAGE", "\"refused for ${env.T}\""));

        String log = JenkinsRule.getLog(run);
        assertThat(log).doesNotContain(signature(valueOf("L")));
        assertNotOnDisk(run, signature(valueOf("L")));
        assertThat(run.getResult() + caught(log))
                .as(log)
                .isEqualTo(without.getResult() + caught(JenkinsRule.getLog(without)));
    }

    private static String caught(String log) {
        var found = Pattern.compile("(?m)^caught.*$").matcher(log);
        return found.find() ? ", " + found.group() : "";
    }

    private static Throwable made(String script) {
        return (Throwable) new GroovyShell(MaskedFailuresTest.class.getClassLoader()).evaluate(script);
    }

    private static String shown(Throwable failure) {
        return Functions.printThrowable(failure) + failure.getMessage();
    }

    /** Of a script's own class nothing is called; its sandbox would not see it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "class A extends IOException { A(m) { super(m); ran() }; static ran() { System.setProperty('ran', '') };"
                        + " private void readObject(ObjectInputStream i) { ran() } }; new A('MESSAGE')",
                "class A extends IOException { A(m) { super(m); ran() }; static ran() { System.setProperty('ran', '') };"
                        + " private Object writeReplace() { ran(); this } }; new A('MESSAGE')",
                "class A extends Exception { private Object writeReplace() { System.setProperty('ran', '') } }\n"
                        + "class B extends IOException { B(m) { super(m, new A()) }; Throwable getCause() { null } }; new B('MESSAGE')",
                "class A implements Serializable { private void writeObject(ObjectOutputStream o) { System.setProperty('ran', '') } }\n"
                        + "class B extends IOException { def a = [new A()]; B(m) { super(m) } }; new B('MESSAGE')",
                "class A implements Serializable { private static final long serialVersionUID = ran();"
                        + " static long ran() { System.setProperty('ran', ''); 1 } }\n"
                        + "class B extends IOException { def a = A; B(m) { super(m) } }; new B('MESSAGE')",
                "class A extends IOException implements Externalizable { A() { super(); ran() }; A(m) { super(m) };"
                        + " static ran() { System.setProperty('ran', '') }; void writeExternal(ObjectOutput o) { ran() };"
                        + " void readExternal(ObjectInput i) { ran() } }; new A('MESSAGE')",
                "interface A extends Serializable { long serialVersionUID = B.ran() }\n"
                        + "class B extends IOException { def a = A; B(m) { super(m) };"
                        + " static long ran() { System.setProperty('ran', ''); 1 } }; new B('MESSAGE')",
                "class A { A() { System.setProperty('ran', '') } }\n"
                        + "class C extends A implements Serializable { }\n"
                        + "class B extends IOException { def a = [c: new C()]; B(m) { super(m) } }; new B('MESSAGE')",
            })
    void callsNothingOfAScript(String script) {
        List<Secret> tokens = tokens(1);
        String value = tokens.get(0).getPlainText();
        Throwable failure = made(script.replace("MESSAGE", value));
        System.clearProperty("ran");

        Throwable hidden = MaskedFailures.hide(failure, maskOf(tokens));

        assertThat(System.getProperty("ran")).isNull();
        assertThat(hidden).isExactlyInstanceOf(IOException.class).hasMessage("****");
    }

    @Test
    void hidesItInAllThatAScriptsOwnErrorKeeps() {
        List<Secret> tokens = tokens(1);
        Throwable failure = made(
                "class A extends IOException { int code = 403; def why = ['a MESSAGE', 7]; def more = [t: \"b ${'MESSAGE'}\"];"
                                .replace("MESSAGE", tokens.get(0).getPlainText())
                        + " A(m, c) { super(m, c) } }; new A('refused', new A('"
                        + tokens.get(0).getPlainText() + "', null))");

        Throwable hidden = MaskedFailures.hide(failure, maskOf(tokens));

        assertThat(hidden)
                .isNotSameAs(failure)
                .isExactlyInstanceOf(failure.getClass())
                .hasMessage("refused");
        assertThat(hidden.getCause()).isExactlyInstanceOf(failure.getClass()).hasMessage("****");
        assertThat(InvokerHelper.getProperty(hidden, "code")).isEqualTo(403);
        assertThat(InvokerHelper.getProperty(hidden, "why")).hasToString("[a ****, 7]");
        assertThat(InvokerHelper.getProperty(hidden, "more")).hasToString("{t=b ****}");
        assertThat(hidden.getStackTrace()).isEqualTo(failure.getStackTrace());
    }

    /** Neither the thread of a Pipeline nor its stack is to end in them. */
    @ParameterizedTest
    @ValueSource(ints = {40, 400, 20_000})
    void hidesItBehindManyCauses(int causes) {
        List<Secret> tokens = tokens(1);
        Throwable failure = new IllegalStateException("of " + tokens.get(0).getPlainText());
        for (int i = 0; i < causes; i++) {
            failure = new IllegalStateException("again", failure);
        }

        Throwable hidden = MaskedFailures.hide(failure, maskOf(tokens));

        assertThat(hidden).isExactlyInstanceOf(IllegalStateException.class).hasMessage("again");
        assertThat(maskOf(tokens).reveals(shown(hidden))).isFalse();
        assertThat(hidden.getStackTrace()).isEqualTo(failure.getStackTrace());
    }

    @Test
    void keepsTheCausesThatShowNothing() {
        Throwable failure = new IllegalStateException("first");
        for (int i = 0; i < 400; i++) {
            failure = new IllegalStateException("again", failure);
        }

        assertThat(MaskedFailures.hide(failure, maskOf(tokens(1)))).isSameAs(failure);
    }

    /** What is a token only when it is put together again. */
    @ParameterizedTest
    @ValueSource(strings = {"m.bytes", "m.toCharArray()", "[body: m.bytes]", "m.toList()", "m.bytes.toList()"})
    void keepsNoBytesOrCharactersOfIt(String kept) {
        List<Secret> tokens = tokens(1);
        Throwable failure =
                made("class A extends IOException { def kept; A(m) { super(m); kept = KEPT } }; new A('MESSAGE')"
                        .replace("KEPT", kept)
                        .replace("MESSAGE", tokens.get(0).getPlainText()));

        assertThat(MaskedFailures.hide(failure, maskOf(tokens)))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("****");
    }

    /** What cannot be copied is of the nearest class that can be made. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "new AssertionError(new Object() { String toString() { 'MESSAGE' } }) | java.lang.AssertionError",
                "class A extends Error { def kept = new Object(); A(m) { super(m) } }; new A('MESSAGE') | java.lang.Error",
                "class A extends Throwable { def kept = new Object(); A(m) { super(m) } }; new A('MESSAGE') | java.lang.Throwable",
                "class A extends RuntimeException { def kept; A(k) { kept = k }; String getMessage() { kept.join('') } };"
                        + " new A('MESSAGE'.toList()) | java.lang.RuntimeException",
                "class A extends IllegalStateException { def kept = new Object(); A(c) { super(c) } };"
                        + " new A(new java.nio.file.NoSuchFileException('MESSAGE')) | java.lang.IllegalStateException",
                "def a = new Exception('a'); def b = new IOException('MESSAGE', a); a.addSuppressed(b); b | java.io.IOException",
            })
    void showsNothing(String script, Class<?> expected) {
        List<Secret> tokens = tokens(1);
        String value = tokens.get(0).getPlainText();
        Throwable failure = made(script.replace("MESSAGE", value));
        assertThat(shown(failure)).contains(value.substring(value.length() - 30));

        Throwable hidden = MaskedFailures.hide(failure, maskOf(tokens));

        assertThat(hidden).isExactlyInstanceOf(expected);
        assertThat(maskOf(tokens).reveals(shown(hidden))).as(shown(hidden)).isFalse();
        assertThat(hidden.getStackTrace()).isEqualTo(failure.getStackTrace());
        if (failure.getCause() != null) {
            assertThat(hidden.getCause()).isExactlyInstanceOf(failure.getCause().getClass());
        }
    }

    private static Mask maskOf(List<Secret> tokens) {
        return Mask.of(
                tokens.stream().map(Secret::getPlainText).map(SecretText::of).toList(), StandardCharsets.UTF_8);
    }

    private static WorkflowRun trusted(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(script, false));
        return jenkins.waitForCompletion(job.scheduleBuild2(0).waitForStart());
    }

    private static final class OfBuild extends StepContext {
        private static final long serialVersionUID = 1;

        private final transient Run<?, ?> run;

        OfBuild(Run<?, ?> run) {
            this.run = run;
        }

        @Override
        public <T> T get(Class<T> key) {
            return key == Run.class ? key.cast(run) : null;
        }

        @Override
        public void onSuccess(Object result) {}

        @Override
        public void onFailure(Throwable t) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public ListenableFuture<Void> saveState() {
            return null;
        }

        @Override
        public void setResult(Result r) {}

        @Override
        public BodyInvoker newBodyInvoker() {
            return null;
        }

        @Override
        public boolean equals(Object o) {
            return this == o;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
