package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import hudson.remoting.Channel;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.Charset;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.security.MasterToSlaveCallable;

/** What had to be hidden in a build's log at some moment, on its way to an agent. */
final class HiddenTexts extends MasterToSlaveCallable<Void, RuntimeException> {
    private static final Logger LOGGER = Logger.getLogger(HiddenTexts.class.getName());

    @Serial
    private static final long serialVersionUID = 1;

    private final String build;
    private final int moment;
    private final String charset;
    private final Secret[] secrets;

    /**
     * @param build names it, in this process of Jenkins and on all agents
     * @param moment higher is later
     */
    HiddenTexts(@NonNull String build, int moment, @NonNull String charset, @NonNull Secret[] secrets) {
        this.build = build;
        this.moment = moment;
        this.charset = charset;
        this.secrets = secrets.clone();
    }

    /** Lets the agent know, in the background: a stuck one holds up nobody. */
    void tell(@NonNull Channel agent) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                agent.callAsync(this);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Its logs end with it: " + agent);
            }
        });
    }

    /** On the agent. */
    @Override
    public Void call() {
        AgentMask.learn(this);
        return null;
    }

    @NonNull
    String build() {
        return build;
    }

    int moment() {
        return moment;
    }

    @NonNull
    Mask mask() {
        return Mask.of(
                Stream.of(secrets).map(Secret::getPlainText).map(SecretText::of).toList(), Charset.forName(charset));
    }
}
