package io.jenkins.plugins.qwiet.fake;

import java.util.List;
import java.util.function.ToLongFunction;

/** The plain pages by which a person or a script looks into {@link FakeQwiet}; never a token's value. */
final class Pages {
    private Pages() {}

    static Answer answer(String path, List<FakeOrganization> organizations) {
        return switch (path) {
            case "/fake/tokens" -> Answer.text(200, tokens(organizations));
            case "/fake/stats" ->
                Answer.text(
                        200,
                        "minted=" + sum(organizations, FakeOrganization::minted) + "\nrevoked="
                                + sum(organizations, FakeOrganization::deleted) + "\nlive="
                                + sum(organizations, each -> each.liveTokens().size()) + "\n");
            default -> Answer.text(404, "Try /fake/tokens or /fake/stats\n");
        };
    }

    private static String tokens(List<FakeOrganization> organizations) {
        var page = new StringBuilder();
        for (FakeOrganization organization : organizations) {
            for (FakeToken token : organization.liveTokens()) {
                page.append(token.id())
                        .append('\t')
                        .append(token.expiresAt() == null ? "never expires" : "expires " + token.expiresAt())
                        .append('\t')
                        .append(token.label())
                        .append('\t')
                        .append(token.description())
                        .append('\n');
            }
        }
        return page.toString();
    }

    private static long sum(List<FakeOrganization> organizations, ToLongFunction<FakeOrganization> number) {
        return organizations.stream().mapToLong(number).sum();
    }
}
