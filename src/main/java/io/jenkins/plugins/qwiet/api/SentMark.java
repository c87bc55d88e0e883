package io.jenkins.plugins.qwiet.api;

import okhttp3.Call;
import okhttp3.EventListener;

/** Remembers of one call whether its first byte may have left for Qwiet: before that, the call certainly had no effect. */
final class SentMark extends EventListener {
    private volatile boolean sent;

    boolean sent() {
        return sent;
    }

    @Override
    public void requestHeadersStart(Call call) {
        sent = true;
    }
}
