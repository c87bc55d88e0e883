package io.jenkins.plugins.qwiet.lease;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Of classes that let disks fail thousands of times, whose log would be some hundred megabytes. */
final class QuietLeases implements BeforeAllCallback, AfterAllCallback {
    // Held: a logger that nobody holds forgets its level.
    private static final Logger LOGGER = Logger.getLogger(QuietLeases.class.getPackageName());

    @Override
    public void beforeAll(ExtensionContext context) {
        LOGGER.setLevel(Level.OFF);
    }

    /** Other classes may run in the same process, and look at the log. */
    @Override
    public void afterAll(ExtensionContext context) {
        LOGGER.setLevel(null);
    }
}
