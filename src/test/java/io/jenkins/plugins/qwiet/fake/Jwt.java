package io.jenkins.plugins.qwiet.fake;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/** Makes texts that look like the JSON Web Tokens that Qwiet gives out; nobody could verify their signature. */
final class Jwt {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

    private Jwt() {}

    /** Three parts of Base64url, more than 300 characters, 256 random bits. */
    static String of(String orgId, String tokenId, String kind, Instant issuedAt) {
        byte[] signature = new byte[32];
        RANDOM.nextBytes(signature);
        String claims =
                "{\"iss\":\"https://fake.qwiet.invalid\",\"aud\":\"https://fake.qwiet.invalid/api/v4\",\"orgID\":\""
                        + orgId + "\",\"sub\":\"" + kind + "\",\"jti\":\"" + tokenId + "\",\"iat\":"
                        + issuedAt.getEpochSecond()
                        + "}";
        return HEADER + "." + encoded(claims) + "." + BASE64.encodeToString(signature);
    }

    private static String encoded(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
