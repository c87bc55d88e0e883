package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine is known by, and that what changes with each start is none of it. */
class ThisHomeTest {
    private static final Map<String, String> KUBERNETES = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1");

    @TempDir
    Path root;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content + "\n");
    }

    @Test
    void aHostIsItsNameAndItsId() throws IOException {
        file("proc/sys/kernel/hostname", "ci");
        file("etc/machine-id", "4f1e");
        assertThat(ThisHome.machine(Map.of(), root)).isEqualTo("ci 4f1e");
    }

    @Test
    void windowsIsItsName() {
        assertThat(ThisHome.machine(Map.of("COMPUTERNAME", "CI"), root)).isEqualTo("CI");
    }

    @Test
    void aPodThatIsStartedAgainIsTheSameMachine() throws IOException {
        file("var/run/secrets/kubernetes.io/serviceaccount/namespace", "ci");
        file("proc/sys/kernel/hostname", "jenkins-6d4b");
        String before = ThisHome.machine(KUBERNETES, root);
        file("proc/sys/kernel/hostname", "jenkins-9f2c");
        assertThat(ThisHome.machine(KUBERNETES, root)).isEqualTo(before).isEqualTo("Kubernetes 10.96.0.1 ci");
    }

    @Test
    void anotherNamespaceIsAnotherMachine() throws IOException {
        file("var/run/secrets/kubernetes.io/serviceaccount/namespace", "ci");
        String before = ThisHome.machine(KUBERNETES, root);
        file("var/run/secrets/kubernetes.io/serviceaccount/namespace", "rehearsal");
        assertThat(ThisHome.machine(KUBERNETES, root)).isNotEqualTo(before);
    }

    /** Most clusters have the same address inside; and a rehearsal has the same namespace. */
    @Test
    void anotherClusterIsAnotherMachine() throws IOException {
        file("var/run/secrets/kubernetes.io/serviceaccount/namespace", "ci");
        file("var/run/secrets/kubernetes.io/serviceaccount/ca.crt", "one");
        String before = ThisHome.machine(KUBERNETES, root);
        assertThat(before).startsWith("Kubernetes 10.96.0.1 ci ");
        file("var/run/secrets/kubernetes.io/serviceaccount/ca.crt", "another");
        assertThat(ThisHome.machine(KUBERNETES, root)).isNotEqualTo(before);
    }

    /** As systemd has it in the image of a machine that was never started, and early at its first start. */
    @Test
    void anIdThatIsNoneYetIsNotOne() throws IOException {
        file("proc/sys/kernel/hostname", "ci");
        file("etc/machine-id", "uninitialized");
        assertThat(ThisHome.machine(Map.of(), root)).isEqualTo("ci");
    }

    @Test
    void ofAContainerNothingStays() throws IOException {
        file("proc/sys/kernel/hostname", "3f2a9c");
        file("run/.containerenv", "");
        assertThat(ThisHome.machine(Map.of(), root)).isEmpty();
    }
}
