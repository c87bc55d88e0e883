package io.jenkins.plugins.qwiet.harness;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ItemGroup;
import hudson.util.Secret;
import java.io.Serial;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.springframework.security.core.Authentication;

/**
 * A store of secrets somewhere else: one secret text, made anew for whoever asks, whose value is fetched when it is read. A
 * test that wants it extends it.
 */
public class SecretStore extends CredentialsProvider {
    public static final String ID = "in-a-store";

    private static final AtomicInteger READINGS = new AtomicInteger();
    private static volatile String value;
    private static volatile boolean out;
    private static volatile CountDownLatch slow = new CountDownLatch(0);

    /** From now on there is this value, and it is there at once. */
    public static void put(String secret) {
        value = secret;
        out = false;
        slow = new CountDownLatch(0);
        READINGS.set(0);
    }

    /** As if there were no such store. */
    public static void empty() {
        put(null);
    }

    /** From now on nothing can be read, until something is {@link #put}. */
    public static void goOut() {
        out = true;
    }

    /** From now on each who reads waits for {@link #answer}. */
    public static void hesitate() {
        slow = new CountDownLatch(1);
    }

    public static void answer() {
        slow.countDown();
    }

    /** How often the value was read, or tried to be. */
    public static int readings() {
        return READINGS.get();
    }

    @Override
    public <C extends Credentials> List<C> getCredentialsInItemGroup(
            Class<C> type, ItemGroup group, Authentication authentication, List<DomainRequirement> domains) {
        return value != null && type.isAssignableFrom(Text.class) ? List.of(type.cast(new Text())) : List.of();
    }

    private static final class Text extends BaseStandardCredentials implements StringCredentials {
        @Serial
        private static final long serialVersionUID = 1;

        Text() {
            super(CredentialsScope.GLOBAL, ID, "of a store");
        }

        @NonNull
        @Override
        public Secret getSecret() {
            READINGS.incrementAndGet();
            try {
                slow.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (out) {
                throw new IllegalStateException("no answer, and " + value + " is not told");
            }
            return Secret.fromString(value + "\n");
        }
    }
}
