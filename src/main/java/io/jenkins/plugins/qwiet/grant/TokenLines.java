package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.init.Terminator;
import hudson.util.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;

/**
 * Where the line of a token is recorded: an environment of a Pipeline knows only the token that it was given, not its
 * build. Safe on any thread.
 */
public final class TokenLines {
    private static final Map<String, BuildTokens> BY_ID = new ConcurrentHashMap<>();

    private TokenLines() {}

    /** Those of them that are current can be found from now on. */
    static void know(BuildTokens record, List<TokenRecord> tokens) {
        tokens.stream().filter(TokenRecord::isCurrent).forEach(each -> BY_ID.put(each.lineId(), record));
    }

    static void forget(BuildTokens record, List<TokenRecord> tokens) {
        tokens.forEach(each -> BY_ID.remove(each.lineId(), record));
    }

    /** If whoever holds the line of one of these tokens gets it now, nothing takes its place from now on. Saves a build once. */
    static void end(Set<String> nonces) {
        BY_ID.values().stream().distinct().forEach(record -> {
            List<String> lines = record.getTokens().stream()
                    .filter(token -> token.isCurrent() && nonces.contains(token.nonce()))
                    .map(TokenRecord::lineId)
                    .toList();
            if (!lines.isEmpty()) {
                record.end(lines, false);
            }
        });
    }

    /** Builds that run when Jenkins stops have new records in the next Jenkins of this process. */
    @Terminator
    @Restricted(DoNotUse.class)
    public static void forgetAll() {
        BY_ID.clear();
    }

    /** The value that whoever was given this token gets now. */
    @NonNull
    static Secret currentOf(IssuedToken token) {
        BuildTokens record = BY_ID.get(token.nonce);
        return record == null
                ? token.value
                : record.current(token.nonce).map(TokenRecord::value).orElse(token.value);
    }

    /** The values that whoever was given this token may have got so far. */
    @NonNull
    static List<Secret> allOf(IssuedToken token) {
        BuildTokens record = BY_ID.get(token.nonce);
        return record == null
                ? List.of(token.value)
                : record.line(token.nonce).stream().map(TokenRecord::value).toList();
    }

    /**
     * What a block shows in a variable of this token; null if that is not known.
     *
     * @param there what is shown around the block
     */
    @CheckForNull
    static String shownIn(IssuedToken token, String variable, @CheckForNull String there) {
        BuildTokens record = BY_ID.get(token.nonce);
        return record == null ? null : record.shownInBlock(token.nonce, variable, there);
    }
}
