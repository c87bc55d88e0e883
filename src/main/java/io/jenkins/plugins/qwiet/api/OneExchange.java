package io.jenkins.plugins.qwiet.api;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * Lets no status make OkHttp send a request again. It does so by itself after 503 with {@code Retry-After: 0}, 408, 421,
 * 401, 407 and redirects; which of these, depends on its version and settings. So it gets to see success only: each other
 * status travels past it in a header.
 */
final class OneExchange {
    private static final String STATUS = "Qwiet-Ci-Token-Status";

    private OneExchange() {}

    static void only(OkHttpClient.Builder builder) {
        builder.interceptors().add(0, OneExchange::restored);
        builder.addNetworkInterceptor(OneExchange::hidden);
    }

    private static Response hidden(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        var seen = response.newBuilder().removeHeader(STATUS);
        return (response.isSuccessful() ? seen : seen.code(200).header(STATUS, String.valueOf(response.code())))
                .build();
    }

    private static Response restored(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String status = response.header(STATUS);
        return status == null
                ? response
                : response.newBuilder()
                        .removeHeader(STATUS)
                        .code(Integer.parseInt(status))
                        .build();
    }
}
