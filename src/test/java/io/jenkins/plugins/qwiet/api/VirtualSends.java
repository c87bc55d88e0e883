package io.jenkins.plugins.qwiet.api;

import okhttp3.Call;

/** Does for a network that is none what OkHttp does for a real one. */
public final class VirtualSends {
    private VirtualSends() {}

    /** The first byte of a call leaves now. */
    public static void begin(Call call) {
        HttpCalls.SentMark mark = call.request().tag(HttpCalls.SentMark.class);
        if (mark != null) {
            mark.requestHeadersStart(call);
        }
    }
}
