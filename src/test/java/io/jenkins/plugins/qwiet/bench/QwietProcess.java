package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * {@link FakeQwiet} in a process of its own, so that its threads, its memory and its compiler are not taken for those of
 * the client.
 */
record QwietProcess(Process process, String address, String organization, String serviceAccount)
        implements AutoCloseable {

    /**
     * Starts one.
     *
     * @param latencyMillis how much longer each call takes
     * @param tokens how many there are at the beginning
     */
    static QwietProcess start(int latencyMillis, int tokens) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(List.of(
                        java,
                        "-Xmx1g",
                        // It runs for seconds, on the cores that the client needs: no time for a long warm-up.
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        FakeQwiet.class.getName(),
                        "--latency",
                        String.valueOf(latencyMillis),
                        "--seed",
                        String.valueOf(tokens)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new QwietProcess(process, value(out), value(out), value(out));
    }

    QwietClient client(QwietClients clients) {
        return clients.client(
                ConnectionSettings.defaults(),
                new Organization(ApiAddress.parse(address), organization),
                SecretText.of(serviceAccount));
    }

    /** Surefire hides the class path in a manifest; it tells the true one in this property. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String value(BufferedReader out) throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new EOFException("the stand-in for Qwiet did not start");
        }
        return line.substring(line.indexOf('=') + 1);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        // So that the next measurement does not share the cores with its end.
        process.onExit().join();
    }
}
