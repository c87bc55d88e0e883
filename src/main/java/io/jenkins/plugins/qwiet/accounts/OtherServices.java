package io.jenkins.plugins.qwiet.accounts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Knows tokens of other services by how they begin, so that none is sent to Qwiet. Sources: what each service publishes. */
final class OtherServices {
    private static final Map<String, Pattern> BEGINNINGS = new LinkedHashMap<>();

    static {
        put("GitHub", "gh[pousr]_|github_pat_");
        put("GitLab", "gl(?:pat|ptt|rt|dt|cbt|oas|soat|ft|imt|agent)-");
        put("Amazon Web Services", "(?:AKIA|ASIA)[A-Z0-9]{12}");
        put("Slack", "xox[a-z]-|xapp-");
        put("npm", "npm_");
        put("PyPI", "pypi-");
        put("Docker Hub", "dckr_(?:pat|oat)_");
        put("Google", "AIza|ya29\\.");
        put("HashiCorp Vault", "hv[sbr]\\.");
    }

    private OtherServices() {}

    private static void put(String service, String beginning) {
        BEGINNINGS.put(service, Pattern.compile(beginning));
    }

    /** The name of the service that made a token; null if it may be Qwiet's. */
    @CheckForNull
    static String of(@NonNull String token) {
        return BEGINNINGS.entrySet().stream()
                .filter(service -> service.getValue().matcher(token).lookingAt())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
