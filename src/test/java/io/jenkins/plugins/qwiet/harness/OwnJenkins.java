package io.jenkins.plugins.qwiet.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.jvnet.hudson.test.junit.jupiter.JenkinsExtension;

/** As {@code WithJenkins}: a Jenkins for each test that asks for one. The one that classes {@linkplain SharedJenkins share} ends. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OwnJenkins.Extension.class)
public @interface OwnJenkins {
    /** Does it. */
    final class Extension extends JenkinsExtension {
        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            try {
                SharedJenkinsExtension.end();
            } catch (Exception e) {
                throw new ParameterResolutionException("Could not end the Jenkins of the classes before", e);
            }
            return super.resolveParameter(parameter, context);
        }
    }
}
