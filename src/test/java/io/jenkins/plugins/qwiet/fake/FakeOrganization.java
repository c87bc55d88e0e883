package io.jenkins.plugins.qwiet.fake;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** An organization in {@link FakeQwiet}: its tokens, and who may ask for them. Safe on any thread. */
public final class FakeOrganization {
    static final String CI_TOKEN_ROLE = "66ad5168-41be-4b6c-9ac5-a30b02229c35";

    private static final String INTEGRATION_ROLE = "5b588f3a-7fe0-444d-afbb-c0d5ee04139b";
    private static final Set<String> SERVICE_ACCOUNT = Set.of("tokens:create", "tokens:list", "tokens:delete");
    private static final Set<String> CI_TOKEN = Set.of("scans:create", "findings:list");

    private final String id;
    private final Clock clock;
    private final String serviceAccount;
    private final Map<String, Set<String>> scopesByBearer = new HashMap<>();
    private final Map<String, FakeToken> tokensById = new LinkedHashMap<>();
    private final Map<String, FakeToken> tokensByValue = new HashMap<>();
    private final List<FakeToken> stillListed = new ArrayList<>();
    private int lateLists;
    private long minted;
    private long deleted;

    FakeOrganization(String id, String serviceAccount, Clock clock) {
        this.id = id;
        this.clock = clock;
        this.serviceAccount = serviceAccount == null ? bearer() : serviceAccount;
        scopesByBearer.put(this.serviceAccount, SERVICE_ACCOUNT);
    }

    /** Its UUID. */
    public String id() {
        return id;
    }

    /** A bearer that may create, list and delete. */
    public String serviceAccount() {
        return serviceAccount;
    }

    /** Another bearer, with these scopes and no other. */
    public synchronized String serviceAccount(String... scopes) {
        String bearer = bearer();
        scopesByBearer.put(bearer, Set.of(scopes));
        return bearer;
    }

    /** From now on Qwiet knows nothing of this bearer. */
    public synchronized void forget(String bearer) {
        scopesByBearer.remove(bearer);
    }

    /** All that are not deleted, those that expired included, in the order in which they were made. */
    public synchronized List<FakeToken> tokens() {
        return List.copyOf(tokensById.values());
    }

    /** The CI tokens that somebody could use now. */
    public List<FakeToken> liveTokens() {
        Instant now = clock.instant();
        return tokens().stream()
                .filter(token -> token.tokenType().equals("access") && !token.isOver(now))
                .toList();
    }

    /** How many were made through the API. */
    public synchronized long minted() {
        return minted;
    }

    /** How many were deleted through the API. */
    public synchronized long deleted() {
        return deleted;
    }

    /** Adds a token as if somebody else had made it. */
    public FakeToken add(String label, String description, Instant expiresAtOrNull, String tokenType) {
        String role = tokenType.equals("access") ? CI_TOKEN_ROLE : INTEGRATION_ROLE;
        return keep(label, description, role, tokenType, expiresAtOrNull);
    }

    /** Whether a token of this value would be let in now. */
    public synchronized boolean isLive(String value) {
        FakeToken token = tokensByValue.get(value);
        return token != null && !token.isOver(clock.instant());
    }

    /** The next so many lists still have what is deleted from now on, as those of a service that is read from a copy. */
    public synchronized void lagBehind(int lists) {
        lateLists = lists;
    }

    synchronized FakeToken mint(String label, String description, Long validForSeconds) {
        minted++;
        Instant expiresAt = validForSeconds == null ? null : clock.instant().plusSeconds(validForSeconds);
        return keep(label, description, CI_TOKEN_ROLE, "access", expiresAt);
    }

    /** By the API, or as if somebody did it by hand; false if there is none. */
    public synchronized boolean delete(String tokenId) {
        FakeToken token = tokensById.remove(tokenId);
        if (token == null) {
            return false;
        }
        tokensByValue.remove(token.value());
        if (lateLists > 0) {
            stillListed.add(token);
        }
        deleted++;
        return true;
    }

    /** Null if the bearer is not of this organization, or is over. */
    synchronized Set<String> scopes(String bearer) {
        Set<String> scopes = scopesByBearer.get(bearer);
        return scopes == null && isLive(bearer) ? CI_TOKEN : scopes;
    }

    List<FakeToken> tokens(boolean showExpired, String tokenType) {
        Instant now = clock.instant();
        var found = new ArrayList<FakeToken>();
        for (FakeToken token : listed()) {
            if ((showExpired || !token.isOver(now)) && (tokenType == null || tokenType.equals(token.tokenType()))) {
                found.add(token);
            }
        }
        return found;
    }

    private synchronized List<FakeToken> listed() {
        var listed = new ArrayList<>(tokensById.values());
        if (lateLists > 0) {
            lateLists--;
            listed.addAll(stillListed);
        }
        return listed;
    }

    private synchronized FakeToken keep(
            String label, String description, String roleId, String tokenType, Instant expiresAt) {
        String tokenId = UUID.randomUUID().toString();
        Instant now = clock.instant();
        String value = Jwt.of(id, tokenId, tokenType, now);
        var token = new FakeToken(tokenId, label, description, roleId, tokenType, expiresAt, value, now);
        tokensById.put(tokenId, token);
        tokensByValue.put(value, token);
        return token;
    }

    private String bearer() {
        return Jwt.of(id, UUID.randomUUID().toString(), "service-account", clock.instant());
    }
}
