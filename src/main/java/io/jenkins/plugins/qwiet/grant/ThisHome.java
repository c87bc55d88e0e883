package io.jenkins.plugins.qwiet.grant;

import io.jenkins.plugins.qwiet.lease.Home;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Objects;
import jenkins.model.Jenkins;

/**
 * What the home of this Jenkins is known by, so that a copy of it is not taken for it.
 *
 * <p>In Kubernetes a pod has a name that may change with each start, so that its machine is the cluster and namespace. Inside,
 * most clusters have the same address, but each has an authority of its own that signs its certificates. In other
 * containers there is nothing that stays, and the machine is not looked at.
 */
final class ThisHome {
    private static final Path KUBERNETES = Path.of("var/run/secrets/kubernetes.io/serviceaccount");
    /** What systemd writes into the id of a machine that has none yet. */
    private static final String NO_ID = "uninitialized";

    private static final int DIGITS = 12;

    /** Where Jenkins keeps the key of its instance identity. */
    private static final String IDENTITY = "identity.key.enc";

    private ThisHome() {}

    static Home now() throws IOException {
        Path home = Jenkins.get().getRootDir().toPath().toRealPath();
        return new Home(
                home.toString(),
                machine(
                        System.getenv(),
                        FileSystems.getDefault().getRootDirectories().iterator().next()),
                instance(home));
    }

    /** @param root of the file system */
    static String machine(Map<String, String> environment, Path root) {
        String cluster = environment.get("KUBERNETES_SERVICE_HOST");
        if (cluster != null) {
            Path account = root.resolve(KUBERNETES);
            return ("Kubernetes " + cluster + " " + text(account.resolve("namespace")) + " "
                            + digest(account.resolve("ca.crt"), DIGITS))
                    .strip();
        } else if (Files.exists(root.resolve(".dockerenv")) || Files.exists(root.resolve("run/.containerenv"))) {
            return "";
        }
        String name = text(root.resolve("proc/sys/kernel/hostname"));
        String id = text(root.resolve("etc/machine-id")).replace(NO_ID, "");
        return (name.isEmpty() ? Objects.requireNonNullElse(environment.get("COMPUTERNAME"), "") : name + " " + id)
                .strip();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Of the encrypted file, as Jenkins shows no key to plugins; empty if there is none. */
    private static String instance(Path home) {
        return digest(home.resolve(IDENTITY), Integer.MAX_VALUE);
    }

    /** Of a file, cut to so many digits; empty if there is none. */
    private static String digest(Path file, int digits) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            String text = new BigInteger(1, digest).toString(Character.MAX_RADIX);
            return text.substring(0, Math.min(digits, text.length()));
        } catch (IOException e) {
            return "";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // Every Java has it.
        }
    }
}
