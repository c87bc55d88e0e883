package io.jenkins.plugins.qwiet.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** People and tools that have tokens in the same organizations, and nothing to do with any Jenkins. */
final class Others {
    private final World world;
    private final Map<String, VirtualQwiet.Token> tokens = new LinkedHashMap<>();

    Others(World world) {
        this.world = world;
    }

    /** Some tokens that were there before; where lists come in pages, perhaps as many as the first one has. */
    void begin(List<String> organizations) {
        Dice dice = world.dice();
        QwietPages pages = world.qwiet().pages();
        for (String organization : organizations) {
            int most = pages.areSeveral() ? pages.size() : 2;
            add(organization, dice.chance(0.4) ? most : dice.between(0, most));
        }
    }

    /** More of them. */
    void add(String organization, int number) {
        for (int i = 0; i < number; i++) {
            VirtualQwiet.Token token = world.qwiet().ofAnother(organization);
            tokens.put(token.id(), token);
            world.say("others", () -> "made " + token.id());
        }
    }

    /** The oldest one ends, and there is a new one. */
    void goOn() {
        List<VirtualQwiet.Token> all = new ArrayList<>(tokens.values());
        all.stream().min(Comparator.comparing(VirtualQwiet.Token::number)).ifPresent(oldest -> {
            world.say("others", () -> "deleted " + oldest.id());
            tokens.remove(oldest.id());
            add(oldest.orgId(), 1);
        });
    }

    /** None is left. */
    void leave() {
        world.say("others", () -> "are gone");
        tokens.clear();
    }

    Stream<VirtualQwiet.Token> live() {
        return tokens.values().stream();
    }

    /** A Jenkins has it revoked, which is never right. */
    boolean loses(String tokenId) {
        boolean theirs = tokens.remove(tokenId) != null;
        if (theirs) {
            world.violation("The token " + tokenId + " of others was revoked");
        }
        return theirs;
    }
}
