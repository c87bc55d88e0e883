package io.jenkins.plugins.qwiet.demo;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Jenkins in a process of its own, with a fresh home, driven over HTTP. */
final class DemoJenkins implements AutoCloseable {
    private static final Pattern CRUMB = Pattern.compile("\"crumb\":\"([^\"]*)\"");
    /** The last line of a log. Result and end of a build are known earlier, some of them before all is done. */
    private static final Pattern OVER = Pattern.compile("(?m)^Finished: [A-Z_]+\\s*\\z");

    private final Process process;
    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    private DemoJenkins(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static DemoJenkins start(Path project, int port, FakeQwiet qwiet, List<String> mavenArguments) throws IOException {
        String url = url(port);
        Path home = project.resolve("target").resolve("demo-home");
        replace(project.resolve("demo-jenkins"), home);
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        var command = new ArrayList<>(List.of(
                project.resolve(windows ? "mvnw.cmd" : "mvnw").toString(),
                "-B",
                "-ntp",
                "hpi:run",
                "-Dhost=localhost",
                "-Dport=" + port,
                "-DjenkinsHome=" + home));
        command.addAll(mavenArguments);
        var builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        project.resolve("target").resolve("demo-jenkins.log").toFile());
        var environment = builder.environment();
        environment.put("CASC_JENKINS_CONFIG", home.resolve("jenkins.yaml").toString());
        environment.put("DEMO_ADDRESS", qwiet.address());
        environment.put("DEMO_ORGANIZATION", qwiet.organization().id());
        environment.put("DEMO_SERVICE_ACCOUNT", qwiet.organization().serviceAccount());
        environment.put("DEMO_JENKINS_URL", url);
        environment.put("DEMO_COMMANDS", home.resolve("bin").toString());
        var jenkins = new DemoJenkins(builder.start(), url);
        Runtime.getRuntime().addShutdownHook(new Thread(jenkins::close));
        return jenkins;
    }

    static String url(int port) {
        return "http://localhost:" + port + "/jenkins/";
    }

    String url() {
        return url;
    }

    void awaitUp(Duration limit) throws InterruptedException {
        var deadline = Instant.now().plus(limit);
        while (!isUp()) {
            if (process.waitFor(500, TimeUnit.MILLISECONDS) || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("Jenkins did not start; see target/demo-jenkins.log");
            }
        }
    }

    private boolean isUp() throws InterruptedException {
        try {
            return get("api/json").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The log of a new build that is over. */
    String build(String job) throws IOException, InterruptedException {
        post("job/" + job + "/build?delay=0sec", "");
        var log = get("job/" + job + "/lastBuild/consoleText").body();
        while (!OVER.matcher(log).find()) {
            if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Jenkins ended; see target/demo-jenkins.log");
            }
            log = get("job/" + job + "/lastBuild/consoleText").body();
        }
        return log;
    }

    /** Such as this Jenkins gives to its leases. */
    List<String> nonces(int number) throws IOException, InterruptedException {
        String script = "(1..%d).each { println io.jenkins.plugins.qwiet.grant.OwnNonces.next() }".formatted(number);
        return post("scriptText", "script=" + URLEncoder.encode(script, StandardCharsets.UTF_8))
                .lines()
                .limit(number) // Behind what was printed stands the result.
                .toList();
    }

    private String post(String path, String form) throws IOException, InterruptedException {
        var crumb = CRUMB.matcher(get("crumbIssuer/api/json").body());
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        if (crumb.find()) {
            request.header("Jenkins-Crumb", crumb.group(1));
        }
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException("Jenkins answered " + answer.statusCode() + " to " + path);
        }
        return answer.body();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static void replace(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            try (Stream<Path> old = Files.walk(to)) {
                for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Path copy = to.resolve(from.relativize(each).toString());
                Files.createDirectories(Files.isDirectory(each) ? copy : copy.getParent());
                if (Files.isRegularFile(each)) {
                    Files.copy(each, copy);
                }
            }
        }
    }
}
