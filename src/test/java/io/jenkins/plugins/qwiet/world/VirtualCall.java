package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.api.VirtualSends;
import java.io.IOException;
import kotlin.jvm.functions.Function0;
import kotlin.reflect.KClass;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Request;
import okhttp3.Response;
import okio.Timeout;

/** A call as OkHttp's are to those who use them: enqueued once, answered once. */
final class VirtualCall implements Call {
    /** What carries it. */
    interface Carrier {
        void carry(VirtualCall call);

        void cancelled(VirtualCall call);
    }

    private final Request request;
    private final Carrier carrier;
    private Callback callback;
    private boolean cancelled;
    private boolean answered;

    VirtualCall(Request request, Carrier carrier) {
        this.request = request;
        this.carrier = carrier;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public void enqueue(Callback responseCallback) {
        if (callback != null) {
            throw new IllegalStateException("Already Executed");
        }
        callback = responseCallback;
        carrier.carry(this);
    }

    boolean isAnswered() {
        return answered;
    }

    /** Only the first answer counts. */
    void answer(Response response) {
        if (!answered) {
            answered = true;
            VirtualSends.answered(this, response);
            try {
                callback.onResponse(this, response);
            } catch (IOException e) {
                throw new IllegalStateException("OkHttp would swallow it", e);
            }
        }
    }

    /** Only the first answer counts. */
    void fail(IOException problem) {
        if (!answered) {
            answered = true;
            VirtualSends.failed(this, problem);
            callback.onFailure(this, problem);
        }
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            carrier.cancelled(this);
        }
    }

    @Override
    public boolean isCanceled() {
        return cancelled;
    }

    @Override
    public boolean isExecuted() {
        return callback != null;
    }

    @Override
    public Timeout timeout() {
        return Timeout.NONE;
    }

    @Override
    public Response execute() {
        throw new UnsupportedOperationException("nothing may block here");
    }

    @Override
    public <T> T tag(KClass<T> type) {
        return null;
    }

    @Override
    public <T> T tag(Class<? extends T> type) {
        return null;
    }

    @Override
    public <T> T tag(KClass<T> type, Function0<? extends T> computed) {
        return computed.invoke();
    }

    @Override
    public <T> T tag(Class<T> type, Function0<? extends T> computed) {
        return computed.invoke();
    }

    @Override
    public Call clone() {
        return new VirtualCall(request, carrier);
    }
}
