package io.jenkins.plugins.qwiet.harness;

import java.io.File;
import org.apache.commons.io.FileUtils;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A Jenkins in a process of its own, which is stopped too soon to gain from what makes a long life fast. */
public final class JenkinsProcess {
    private JenkinsProcess() {}

    /** With what else Java is to be told. */
    public static RealJenkinsExtension extension(String... options) {
        return new RealJenkinsExtension().javaOptions(startsSoon()).javaOptions(options);
    }

    /**
     * Starts it in a copy of its home.
     *
     * @param copy where there is nothing yet
     * @param without what is not copied, below the home
     */
    public static void startCopy(RealJenkinsExtension process, File copy, String... without) throws Throwable {
        FileUtils.copyDirectory(process.getHome(), copy);
        for (String each : without) {
            FileUtils.deleteDirectory(new File(copy, each));
        }
        process.setHome(copy);
        process.startJenkins();
    }

    /** The options of Java with which it is up soonest. */
    public static String[] startsSoon() {
        return new String[] {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};
    }
}
