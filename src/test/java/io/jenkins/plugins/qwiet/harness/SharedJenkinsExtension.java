package io.jenkins.plugins.qwiet.harness;

import hudson.security.ACL;
import java.util.Arrays;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

/**
 * See {@link SharedJenkins}. Jenkins starts when a method asks for it first, and goes on for the next class, unless a test
 * failed in it or the class has extensions of its own.
 */
public final class SharedJenkinsExtension
        implements ParameterResolver, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SharedJenkinsExtension.class);

    /** The one of this process; null if none runs. */
    private static Running running;

    /** @param untouched as it was before any class prepared it */
    private record Running(JenkinsRule rule, JenkinsState untouched) {}

    /** Makes room for another Jenkins in this process. */
    static void end() throws Exception {
        if (running != null) {
            JenkinsRule rule = running.rule();
            running = null;
            rule.after();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == JenkinsRule.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext ofClass = ofClass(context);
        var store = ofClass.getStore(NAMESPACE);
        var rule = store.get(JenkinsRule.class, JenkinsRule.class);
        if (rule == null) {
            rule = begin(ofClass.getRequiredTestClass());
            store.put(JenkinsRule.class, rule);
            if (context.getTestMethod().isPresent()) {
                // Nothing was prepared for the class, and it is too late for beforeEach.
                remember(ofClass);
            }
        }
        return rule;
    }

    private static JenkinsRule begin(Class<?> type) {
        try {
            if (hasExtensions(type)) {
                end();
            }
            if (running == null) {
                var rule = new CachingJenkins(type);
                rule.before();
                running = new Running(rule, new JenkinsState(rule.jenkins));
            } else {
                // As a Jenkins of its own would do for the thread of the tests.
                ACL.as2(ACL.SYSTEM2);
            }
            return running.rule();
        } catch (Throwable e) {
            throw new ParameterResolutionException("Jenkins does not start: " + e.getMessage(), e);
        }
    }

    /** They are in the Jenkins alone that starts for their class. */
    private static boolean hasExtensions(Class<?> type) {
        return type != null && (isOrHasExtension(type) || hasExtensions(type.getSuperclass()));
    }

    private static boolean isOrHasExtension(Class<?> type) {
        return type.isAnnotationPresent(TestExtension.class)
                || Arrays.stream(type.getDeclaredClasses()).anyMatch(SharedJenkinsExtension::isOrHasExtension);
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
        var rule = store.get(JenkinsRule.class, JenkinsRule.class);
        if (rule != null && store.get(JenkinsState.class) == null) {
            store.put(JenkinsState.class, new JenkinsState(rule.jenkins));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Browser.closeAll();
        var store = ofClass(context).getStore(NAMESPACE);
        if (context.getExecutionException().isPresent()) {
            store.put(Throwable.class, context.getExecutionException().get());
        }
        var state = store.get(JenkinsState.class, JenkinsState.class);
        if (state != null) {
            state.restore();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        var store = context.getStore(NAMESPACE);
        if (store.get(JenkinsRule.class) == null || running == null) {
            return;
        }
        boolean failed = store.get(Throwable.class) != null
                || context.getExecutionException().isPresent();
        if (failed || hasExtensions(context.getRequiredTestClass())) {
            end();
        } else {
            running.untouched().restore();
        }
    }
}
