package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.grant.SetAround.Setting;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The one rule by which it is settled what stands in a variable of a token, for a step of a Pipeline. docs/usage.md has it under
 * "Which value a variable has".
 */
final class WhoseWord {
    private final Run<?, ?> run;
    private final Owners owners;
    private final FlowNode node;
    private final Set<Long> blocks;
    private final SetAround around;
    private final Instant now = JenkinsLeases.get().clock().instant();

    /**
     * What is to stand in a variable.
     *
     * @param token whose it is
     * @param gone whether that is over, and nothing is to stand there
     * @param word what the user wants there instead; null for nothing
     * @param by who says that, or would
     * @param expired the one whose turn it would be, of another organization; null if it is the token's own
     * @param beside if the token is that of another branch, one that still another branch asked for, of another organization;
     *     null if there is none
     */
    record Answer(
            @NonNull TokenRecord token,
            boolean gone,
            @CheckForNull String word,
            @NonNull String by,
            @CheckForNull TokenRecord expired,
            @CheckForNull TokenRecord beside) {}

    private WhoseWord(Run<?, ?> run, BuildTokens tokens, @CheckForNull FlowNode node, SetAround around) {
        this.run = run;
        this.owners = new Owners(tokens.getTokens());
        this.node = node;
        this.blocks = node == null ? Set.of() : OpenBlocks.around(node);
        this.around = around;
    }

    /**
     * @param env of the step, as it is without this
     */
    @NonNull
    static WhoseWord at(
            @NonNull StepContext step, @NonNull Run<?, ?> run, @NonNull BuildTokens tokens, @NonNull EnvVars env)
            throws IOException, InterruptedException {
        return new WhoseWord(
                run, tokens, step.get(FlowNode.class), SetAround.by(step.get(EnvironmentExpander.class), env));
    }

    /**
     * @param there what stands in the variable without this; null for nothing
     * @return null if no token has a claim to it here
     */
    @CheckForNull
    Answer of(@NonNull String variable, @CheckForNull String there) {
        List<Setting> settings = around.of(variable);
        Map<String, Integer> ours = ours(variable, settings);
        List<TokenRecord> inTurn = inTurn(variable, ours);
        TokenRecord owner = Owners.holding(inTurn, now);
        TokenRecord expired = Owners.passedOver(everInTurn(variable, ours), owner);
        TokenRecord beside = beside(variable, owner);
        boolean gone = owner == null;
        if (gone) {
            owner = owners.lastBound(variable);
            if (owner == null) {
                return null;
            }
        }
        Integer own = owner.use() == Use.HELD ? ours.get(owner.lineId()) : null;
        int later = own != null ? own + 1 : before(owner, variable, settings, ours);
        if (later < settings.size()) {
            Setting last = settings.get(settings.size() - 1);
            if (owners.isOwn(variable, last.value())) {
                // A copy stands for the token, and so does a block of ours whose own is dead.
                String word = ours.containsValue(settings.size() - 1) ? script(owner, variable) : null;
                return new Answer(owner, gone, word, TokenLog.script(variable), expired, beside);
            }
            long since = own != null ? owner.line().block() : owner.line().boundAt();
            String block = node == null ? null : OpenBlocks.setter(node, since, variable);
            return new Answer(owner, gone, there == null ? "" : there, TokenLog.block(block), null, null);
        }
        return new Answer(owner, gone, script(owner, variable), TokenLog.script(variable), expired, beside);
    }

    /** Where the tokens of blocks and bindings that are around are set. */
    private Map<String, Integer> ours(String variable, List<Setting> settings) {
        Map<String, Integer> ours = new HashMap<>();
        for (int i = 0; i < settings.size(); i++) {
            Setting setting = settings.get(i);
            if (setting.line() != null) {
                ours.putIfAbsent(setting.line(), i);
                continue;
            }
            for (TokenRecord each : owners.all()) {
                boolean isAround =
                        blocks.contains(each.line().block()) || each.line().block() == 0;
                if (each.line().fixed()
                        && isAround
                        && each.names(variable)
                        && setting.value().equals(each.valueIn(variable))
                        && !ours.containsValue(i)) {
                    ours.putIfAbsent(each.lineId(), i);
                }
            }
        }
        return ours;
    }

    /** That of the innermost block of ours first, unless a later {@code qwietCiToken} was run inside of it. */
    private List<TokenRecord> inTurn(String variable, Map<String, Integer> ours) {
        return inTurn(variable, ours, owners::current, owners.seen(variable));
    }

    /** Also those that somebody revoked meanwhile. */
    private List<TokenRecord> everInTurn(String variable, Map<String, Integer> ours) {
        return inTurn(variable, ours, owners::last, owners.everSeen(variable));
    }

    private List<TokenRecord> inTurn(
            String variable,
            Map<String, Integer> ours,
            Function<String, Optional<TokenRecord>> ofLine,
            List<TokenRecord> seen) {
        List<TokenRecord> inner = new ArrayList<>();
        List<TokenRecord> outer = new ArrayList<>();
        ours.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(each -> ofLine.apply(each.getKey()))
                .flatMap(Optional::stream)
                .forEach(each -> (isBoundOver(each, variable) ? outer : inner).add(each));
        List<TokenRecord> all = new ArrayList<>(inner);
        all.addAll(Branches.nearestFirst(seen, node));
        all.addAll(outer);
        return all;
    }

    /** Whether {@code qwietCiToken} was run inside of a block of ours. */
    private boolean isBoundOver(TokenRecord ofBlock, String variable) {
        return lastBoundInside(owners, ofBlock.lineId(), variable, node) != null;
    }

    /** What another branch does inside of a block changes nothing here. */
    @CheckForNull
    private static TokenRecord lastBoundInside(
            Owners owners, String lineId, String variable, @CheckForNull FlowNode node) {
        return owners.lastBoundInside(lineId, variable, each -> node == null || Branches.areAround(node, each));
    }

    @CheckForNull
    private TokenRecord beside(String variable, @CheckForNull TokenRecord owner) {
        if (node == null || owner == null || owner.use() != Use.REST || Branches.areAround(node, owner)) {
            return null;
        }
        return owners.everSeen(variable).stream()
                .filter(each ->
                        !each.orgId().equals(owner.orgId()) && Branches.areBeside(node.getExecution(), each, owner))
                .findFirst()
                .orElse(null);
    }

    /** How many settings were there before a token was bound for the rest of the build. */
    private int before(TokenRecord bound, String variable, List<Setting> settings, Map<String, Integer> ours) {
        long at = bound.line().boundAt();
        long innermost = blocks.stream()
                .mapToLong(Long::longValue)
                .filter(each -> each <= at)
                .max()
                .orElse(0);
        if (innermost == 0) {
            return 0;
        }
        String mark = Marks.ofBlock(innermost, variable);
        String seen = bound.line().before().stream()
                .filter(each -> each.startsWith(mark))
                .map(each -> each.substring(mark.length()))
                .findFirst()
                .orElse("0");
        if (!seen.equals(Before.UNKNOWN)) {
            return Integer.parseInt(seen);
        }
        // Nobody saw it then: all that is not plainly later was there before.
        long later = ours.keySet().stream()
                .map(owners::current)
                .flatMap(Optional::stream)
                .filter(each -> !each.line().fixed() && each.line().block() > at)
                .count();
        long known = node == null ? 0 : OpenBlocks.settersSince(node, at, variable);
        return Math.max(0, settings.size() - (int) (later + known));
    }

    @CheckForNull
    private String script(TokenRecord owner, String variable) {
        return script(run, owners, owner, variable, node);
    }

    /** What {@code env.NAME =} set where the token holds, after it was bound. */
    @CheckForNull
    private static String script(
            Run<?, ?> run, Owners owners, TokenRecord owner, String variable, @CheckForNull FlowNode node) {
        ScriptWords.Word word = ScriptWords.of(run, variable);
        if (word == null) {
            return null;
        }
        TokenRecord last = owner;
        if (owner.use() == Use.HELD) {
            if (!word.isInside(owner.lineId())) {
                return null;
            }
            last = lastBoundInside(owners, owner.lineId(), variable, node);
        }
        return last == null || owners.isSince(word.after(), last) ? ScriptWords.valueOf(run, word) : null;
    }

    /**
     * What a block of ours shows in its variable, to Groovy as well, which asks nobody else.
     *
     * @param there what the blocks around it show there, which asked the same; null for nothing
     * @return null if the build knows nothing of that token any more
     */
    @CheckForNull
    static String inBlock(
            @NonNull Run<?, ?> run,
            @NonNull BuildTokens tokens,
            @NonNull String lineId,
            @NonNull String variable,
            @CheckForNull String there) {
        var owners = new Owners(tokens.getTokens());
        List<TokenRecord> own = owners.current(lineId).stream().toList();
        boolean isInner = lastBoundInside(owners, lineId, variable, null) == null;
        List<TokenRecord> all = new ArrayList<>(isInner ? own : List.of());
        owners.showing(variable, there).forEach(all::add);
        all.addAll(owners.seen(variable));
        all.addAll(own);
        TokenRecord owner = Owners.holding(all, JenkinsLeases.get().clock().instant());
        if (owner == null) {
            return null;
        }
        String word = script(run, owners, owner, variable, null);
        return word == null ? owner.valueIn(variable) : word;
    }
}
