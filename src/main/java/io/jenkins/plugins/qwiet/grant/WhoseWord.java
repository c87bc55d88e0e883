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
     * @param gone whether that is over, as are all others, and nothing is to stand there
     * @param word what the user wants there instead; null for nothing
     * @param by who says that, or would
     * @param expired the one whose turn it would be, if somebody has to know that it is over; else null
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
        if (inTurn.isEmpty()) {
            return null;
        }
        TokenRecord holding = Owners.holding(inTurn, variable, now);
        boolean gone = holding == null;
        TokenRecord owner = gone ? inTurn.get(0) : holding;
        TokenRecord beside = gone ? null : beside(variable, owner);
        TokenRecord expired = isToBeTold(inTurn.get(0), owner, beside) ? inTurn.get(0) : null;
        Integer own = ours.get(owner.lineId());
        long since = own != null ? owner.line().block() : since(owner);
        int later = own != null ? own + 1 : before(owner, since, variable, settings, ours);
        if (later < settings.size()) {
            Setting last = settings.get(settings.size() - 1);
            if (owners.isOwn(variable, last.value())) {
                // A copy stands for the token, and so does a block of ours whose own is dead.
                String word = ours.containsValue(settings.size() - 1) ? script(owner, inTurn, variable) : null;
                return new Answer(owner, gone, word, TokenLog.script(variable), expired, beside);
            }
            String block = node == null ? null : OpenBlocks.setter(node, since, variable);
            return new Answer(owner, gone, there == null ? "" : there, TokenLog.block(block), null, null);
        }
        return new Answer(owner, gone, script(owner, inTurn, variable), TokenLog.script(variable), expired, beside);
    }

    /** That the first of them is over: nobody is taken to another organization unsaid. */
    private boolean isToBeTold(TokenRecord first, TokenRecord owner, @CheckForNull TokenRecord beside) {
        return !first.equals(owner)
                && (!first.orgId().equals(owner.orgId()) || beside != null && Branches.areAround(node, first));
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
            String mark = Marks.of(setting.value());
            for (TokenRecord each : owners.all()) {
                boolean isAround =
                        blocks.contains(each.line().block()) || each.line().block() == 0;
                if (each.line().fixed()
                        && isAround
                        && each.putsOrPut(variable, setting.value(), mark)
                        && !ours.containsValue(i)) {
                    ours.putIfAbsent(each.lineId(), i);
                }
            }
        }
        return ours;
    }

    /** All that ever had a claim to it here, whether they live or not. */
    private List<TokenRecord> inTurn(String variable, Map<String, Integer> ours) {
        // Of those that one step binds, the one that it binds last comes first.
        List<TokenRecord> all = new ArrayList<>(ours.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(each -> owners.last(each.getKey()))
                .flatMap(Optional::stream)
                .toList());
        all.addAll(owners.everSeen(variable));
        return Branches.inTurn(all, node);
    }

    @CheckForNull
    private TokenRecord beside(String variable, TokenRecord owner) {
        if (node == null || owner.use() != Use.REST || Branches.areAround(node, owner)) {
            return null;
        }
        return owners.everSeen(variable).stream()
                .filter(each ->
                        !each.orgId().equals(owner.orgId()) && Branches.areBeside(node.getExecution(), each, owner))
                .findFirst()
                .orElse(null);
    }

    /**
     * What began after this node of the Pipeline is set later than a token that was bound for the rest of the build. One that
     * another branch asked for takes nothing from what is open in this one, whichever was faster.
     */
    private long since(TokenRecord bound) {
        long at = bound.line().boundAt();
        return node == null ? at : Math.min(at, Branches.parting(node, bound) - 1);
    }

    /** How many settings were there before, that is up to a node of the Pipeline. */
    private int before(TokenRecord bound, long at, String variable, List<Setting> settings, Map<String, Integer> ours) {
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
    private String script(TokenRecord owner, List<TokenRecord> inTurn, String variable) {
        return script(run, owners, owner, inTurn.subList(0, inTurn.indexOf(owner)), variable);
    }

    /**
     * What {@code env.NAME =} set where the token holds, after it was bound.
     *
     * @param over those whose turn it would have been before it
     */
    @CheckForNull
    private static String script(
            Run<?, ?> run, Owners owners, TokenRecord owner, List<TokenRecord> over, String variable) {
        ScriptWords.Word word = ScriptWords.of(run, variable);
        if (word == null) {
            return null;
        }
        TokenRecord last = owner;
        if (!owner.line().isBound()) {
            if (!word.isInside(owner.lineId())) {
                return null;
            }
            last = over.stream()
                    .filter(each -> each.line().isBound())
                    .findFirst()
                    .orElse(null);
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
        TokenRecord own = owners.last(lineId).orElse(null);
        if (own == null) {
            return null;
        }
        List<TokenRecord> inside = owners.everSeen(variable).stream()
                .filter(each -> Branches.isInside(Branches.pipeline(run), each, own))
                .toList();
        List<TokenRecord> all = new ArrayList<>(inside);
        all.add(own);
        owners.showing(variable, there).forEach(all::add);
        all.addAll(owners.everSeen(variable));
        TokenRecord owner =
                Owners.holding(all, variable, JenkinsLeases.get().clock().instant());
        if (owner == null) {
            return null;
        }
        String word = script(run, owners, owner, inside, variable);
        return word == null ? owner.valueIn(variable) : word;
    }
}
