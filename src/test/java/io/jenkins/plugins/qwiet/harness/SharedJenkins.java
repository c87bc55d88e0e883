package io.jenkins.plugins.qwiet.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * One Jenkins for all tests of a class, and for classes one after another, given to each method that asks for a
 * {@link JenkinsRule}. Each test finds it as the class prepared it in its {@code BeforeAll} methods, and each class as if it
 * had started for it: what {@link JenkinsState} knows of is put back after each.
 *
 * <p>{@link OwnJenkins} is for tests that need a Jenkins of their own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(SharedJenkinsExtension.class)
public @interface SharedJenkins {}
