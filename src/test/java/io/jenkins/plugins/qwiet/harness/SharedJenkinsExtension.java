package io.jenkins.plugins.qwiet.harness;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsExtension;

/** See {@link SharedJenkins}. Jenkins starts when a method asks for it first. */
public final class SharedJenkinsExtension extends JenkinsExtension implements BeforeEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SharedJenkinsExtension.class);

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext ofClass = ofClass(context);
        var running = ofClass.getStore(NAMESPACE).get(JenkinsRule.class, JenkinsRule.class);
        if (running == null) {
            // As for a BeforeAll method; for the method of one test, Jenkins would be stopped after it.
            running = (JenkinsRule) super.resolveParameter(parameter, ofClass);
            ofClass.getStore(NAMESPACE).put(JenkinsRule.class, running);
            if (context.getTestMethod().isPresent()) {
                // Nothing was prepared for the class, and it is too late for beforeEach.
                remember(ofClass);
            }
        }
        return running;
    }

    private static ExtensionContext ofClass(ExtensionContext context) {
        return context.getTestMethod().isEmpty()
                ? context
                : ofClass(context.getParent().orElseThrow());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        remember(ofClass(context));
    }

    private static void remember(ExtensionContext ofClass) {
        var store = ofClass.getStore(NAMESPACE);
        var running = store.get(JenkinsRule.class, JenkinsRule.class);
        if (running != null && store.get(JenkinsState.class) == null) {
            store.put(JenkinsState.class, new JenkinsState(running.jenkins));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Browser.closeAll();
        var state = ofClass(context).getStore(NAMESPACE).get(JenkinsState.class, JenkinsState.class);
        if (state != null) {
            state.restore();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        var running = context.getStore(NAMESPACE).remove(JenkinsRule.class, JenkinsRule.class);
        if (running != null) {
            running.after();
        }
    }
}
