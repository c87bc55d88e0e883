package io.jenkins.plugins.qwiet.fake;

import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Fills an organization with tokens such as a few years of use leave behind. The same each time, but for ids and values. */
public final class Seed {
    private static final String[] TEAMS = {"payments", "search", "checkout", "mobile", "platform"};

    private Seed() {}

    public static void tokens(FakeOrganization organization, int number, Clock clock) {
        var random = new Random(42);
        Instant now = clock.instant();
        for (int i = 0; i < number; i++) {
            String team = TEAMS[random.nextInt(TEAMS.length)];
            switch (i % 5) {
                case 0 -> organization.add(team + " CI", "made by hand, in the wiki since 2021", null, "access");
                case 1 -> organization.add(team + " CI (old)", "", now.minus(days(random)), "access");
                case 2 -> {
                    String url = "https://jenkins.example.com/job/" + team + "/" + (i + 1) + "/";
                    String nonce = "%016x%016x".formatted(random.nextLong(), random.nextLong());
                    organization.add(
                            team + " #" + (i + 1),
                            TokenDescription.describe("scan", url, nonce),
                            now.plus(days(random)),
                            "access");
                }
                case 3 -> organization.add("Jira " + team, "Qwiet's plugin for Jira", null, "integration");
                default -> organization.add(team + " nightly", "GitHub Actions", now.plus(days(random)), "access");
            }
        }
    }

    /**
     * Adds live tokens that builds of this Jenkins minted, none of which exists any more.
     *
     * @param nonces one for each
     */
    public static void leftBehind(FakeOrganization organization, List<String> nonces, String jenkinsUrl, Clock clock) {
        for (int i = 0; i < nonces.size(); i++) {
            String team = TEAMS[i % TEAMS.length];
            String url = jenkinsUrl + "job/" + team + "/job/old-scan/" + (i + 1) + "/";
            organization.add(
                    team + "/old-scan #" + (i + 1),
                    TokenDescription.describe("", url, nonces.get(i)),
                    clock.instant().plus(Duration.ofHours(2 + i)),
                    "access");
        }
    }

    private static Duration days(Random random) {
        return Duration.ofDays(1 + random.nextInt(300));
    }
}
