package io.jenkins.plugins.qwiet.redact;

/** What a process that starts knows of the tokens that another knew: nothing. */
public final class ForgottenMasks {
    private ForgottenMasks() {}

    /** After Jenkins has ended in this process, before it starts again. */
    public static void forgetAll() {
        BuildMask.forgetAll();
    }
}
