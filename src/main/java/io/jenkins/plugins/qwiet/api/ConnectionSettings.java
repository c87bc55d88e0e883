package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * How to reach Qwiet. Clients with equal settings share one pool of connections.
 *
 * @param connectTimeout for the TCP and TLS handshakes
 * @param callTimeout for a whole call, from the look-up of the host's name to the answer's last byte
 * @param proxy null to connect directly
 * @param userAgent what the client calls itself
 */
public record ConnectionSettings(
        @NonNull Duration connectTimeout,
        @NonNull Duration callTimeout,
        @CheckForNull HttpProxy proxy,
        @NonNull String userAgent) {
    /** 10 s, unless an administrator says otherwise. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** 30 s, unless an administrator says otherwise. */
    public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(30);

    /** The defaults, directly connected. */
    @NonNull
    public static ConnectionSettings defaults() {
        return new ConnectionSettings(DEFAULT_CONNECT_TIMEOUT, DEFAULT_CALL_TIMEOUT, null, "qwiet-ci-token");
    }

    /**
     * An HTTP proxy.
     *
     * @param host its name
     * @param port its port
     * @param user null if it needs no login
     * @param password null if it needs no login
     */
    public record HttpProxy(
            @NonNull String host,
            int port,
            @CheckForNull String user,
            @CheckForNull SecretText password) {}
}
