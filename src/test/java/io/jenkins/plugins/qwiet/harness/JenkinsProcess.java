package io.jenkins.plugins.qwiet.harness;

import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A Jenkins in a process of its own, which is stopped too soon to gain from what makes a long life fast. */
public final class JenkinsProcess {
    private JenkinsProcess() {}

    /** With what else Java is to be told. */
    public static RealJenkinsExtension extension(String... options) {
        return new RealJenkinsExtension().javaOptions(startsSoon()).javaOptions(options);
    }

    /** The options of Java with which it is up soonest. */
    public static String[] startsSoon() {
        return new String[] {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};
    }
}
