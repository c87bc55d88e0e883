package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.accounts.FoundAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccounts;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.Account;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The settings that apply to a job: of each, that of the nearest folder that sets it, or else the global one. What a folder
 * enforces stays: no folder below it, and no step, gets anything else. Names of variables are different: a step may always
 * name its own, which nobody else sees.
 */
public final class EffectiveSettings {
    /** A folder that sets something. */
    private record Level(Item folder, FolderSettings set) {}

    private final QwietConfiguration global = QwietConfiguration.get();
    /** The outermost first. */
    private final List<Level> levels;

    private EffectiveSettings(List<Level> levels) {
        this.levels = levels;
    }

    /** Of a job or a folder, whether or not they are valid; of Jenkins itself if that is null. Asks for no permission. */
    @NonNull
    public static EffectiveSettings of(@CheckForNull Item item) {
        List<Level> levels = new ArrayList<>();
        Object each = item;
        while (each instanceof Item one) {
            FolderSettings set = one instanceof ItemGroup<?> group ? set(group) : null;
            if (set != null) {
                levels.add(0, new Level(one, set));
            }
            each = one.getParent();
        }
        return new EffectiveSettings(levels);
    }

    /** As they would be if a folder set this. */
    @NonNull
    static EffectiveSettings of(@NonNull Item folder, @NonNull FolderSettings typed) {
        var levels = new ArrayList<>(above(folder).levels);
        levels.add(new Level(folder, typed));
        return new EffectiveSettings(levels);
    }

    /** Those that a folder finds. */
    @NonNull
    static EffectiveSettings above(@NonNull Item folder) {
        return of(folder.getParent() instanceof Item parent ? parent : null);
    }

    @CheckForNull
    private static FolderSettings set(ItemGroup<?> group) {
        return ExtensionList.lookup(FolderSettings.Source.class).stream()
                .map(source -> source.of(group))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * All of them at this moment. Of the names of variables, each is valid by itself; see {@link #checkVariables}.
     *
     * @throws AbortException if one that was stored is not valid, with a sentence that says which and where to correct it
     */
    @NonNull
    QwietSettings valid() throws AbortException {
        QwietSettings of = global.validSettings();
        for (Level level : levels) {
            Optional<String> problem = level.set.problems().values().stream().findFirst();
            if (problem.isPresent()) {
                throw wrong(level, problem.get());
            }
        }
        Optional<Lifetime> validFor = find(FolderSettings::validFor).map(EffectiveSettings::validFor);
        return new QwietSettings(
                of.apiAddress(),
                text(FolderSettings::orgId, of.orgId()),
                text(FolderSettings::credentialsId, of.credentialsId()),
                validFor.isEmpty() ? of.validity() : validFor.get().orDefault(),
                text(FolderSettings::variable, of.variable()),
                text(FolderSettings::orgVariable, of.orgVariable()),
                text(FolderSettings::apiHostVariable, of.apiHostVariable()),
                of.connectTimeout(),
                of.callTimeout(),
                of.revokeAtEnd(),
                of.onlyFindableAccounts());
    }

    private static Lifetime validFor(Level level) {
        return level.set.validFor();
    }

    private static AbortException wrong(Level level, String problem) {
        return new AbortException(Messages.EffectiveSettings_storedIsWrong(level.folder.getFullName(), problem));
    }

    /** Why two of the variables cannot be one, by the name of a field as a form shows it; empty if no two are. */
    @NonNull
    Map<String, String> clashes() {
        var clashes = new LinkedHashMap<String, String>();
        clashes.put(Messages.TypedSettings_orgVariable(), SettingRules.sameVariable(variable(), orgVariable()));
        clashes.put(
                Messages.TypedSettings_apiHostVariable(),
                SettingRules.apiHostVariable(apiHostVariable(), variable(), orgVariable()));
        clashes.values().removeIf(Objects::isNull);
        return clashes;
    }

    /** The same of those that apply where a step names others itself. */
    @CheckForNull
    private String clash(@CheckForNull String named, @CheckForNull String namedForOrg) {
        String same =
                named == null && namedForOrg == null ? SettingRules.sameVariable(variable(), orgVariable()) : null;
        return same != null
                ? same
                : SettingRules.apiHostVariable(
                        apiHostVariable(),
                        named == null ? variable() : null,
                        namedForOrg == null ? orgVariable() : null);
    }

    /**
     * Whether those variables can be had together that folders set, and for which a step names no others.
     *
     * @param named by the step for the token; null if none is
     * @param namedForOrg the same for the organization's id
     * @throws AbortException if not, with a sentence that says which and where to correct it
     */
    public void checkVariables(@CheckForNull String named, @CheckForNull String namedForOrg) throws AbortException {
        Level last = levels.stream()
                .filter(level -> level.set.hasVariable())
                .reduce((outer, inner) -> inner)
                .orElse(null);
        String clash = last == null ? null : clash(named, namedForOrg);
        if (clash != null) {
            throw wrong(last, clash);
        }
    }

    /** Where a token is found. */
    @NonNull
    public String variable() {
        return text(FolderSettings::variable, global.getVariable());
    }

    /** Where the organization's id is found. */
    @NonNull
    public String orgVariable() {
        return text(FolderSettings::orgVariable, global.getOrgVariable());
    }

    /** Where the host of Qwiet is found; empty if it is bound to no variable. */
    @NonNull
    public String apiHostVariable() {
        return text(FolderSettings::apiHostVariable, global.getApiHostVariable());
    }

    /** How long a token is valid, as it is written. */
    @NonNull
    public String validity() {
        return text(FolderSettings::writtenLifetime, global.getValidity());
    }

    /** The organization of an account that has none of its own; null if none is set. */
    @CheckForNull
    String orgId() {
        return text(FolderSettings::orgId, global.getOrgId());
    }

    private String text(Function<FolderSettings, String> setting, String ofJenkins) {
        return find(setting).map(level -> setting.apply(level.set)).orElse(ofJenkins);
    }

    /** The folder whose setting counts: the outermost that enforces it, or else the nearest. */
    private Optional<Level> find(Function<FolderSettings, ?> setting) {
        Level found = null;
        for (Level level : levels) {
            if (setting.apply(level.set) != null) {
                found = level;
                if (level.set.enforced()) {
                    break;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private Optional<Level> enforcing(Function<FolderSettings, ?> setting) {
        return find(setting).filter(level -> level.set.enforced());
    }

    /** The full name of the folder that enforces another value than that; null if there is none. */
    @CheckForNull
    String enforcedBy(@NonNull Function<FolderSettings, ?> setting, @NonNull Object value) {
        return enforcing(setting)
                .filter(level -> !value.equals(setting.apply(level.set)))
                .map(level -> level.folder.getFullName())
                .orElse(null);
    }

    /**
     * The service account of a build; that of a folder as it is seen from there, whatever has the same id below, or is
     * somebody's own.
     *
     * @param named by a step; null if none is
     * @param valid these very settings
     * @throws AbortException as {@link ServiceAccounts#of} and {@link ServiceAccounts#ofSettings}, and if none is set, or a
     *     folder enforces another one
     */
    @NonNull
    FoundAccount account(@NonNull Run<?, ?> run, @CheckForNull String named, @NonNull QwietSettings valid)
            throws AbortException {
        Level folder = find(FolderSettings::credentialsId).orElse(null);
        String id = valid.credentialsId();
        if (named != null && (folder == null || !folder.set.enforced())) {
            return ServiceAccounts.of(run, named);
        } else if (id == null) {
            throw new AbortException(Messages.QwietConnections_noCredential());
        } else if (named != null && !id.equals(ServiceAccounts.idOf(run, named))) {
            throw new AbortException(
                    Messages.EffectiveSettings_otherAccount(folder.folder.getFullName(), DisplayText.quotable(named)));
        }
        return ServiceAccounts.ofSettings(run, id, folder == null ? null : folder.folder);
    }

    /** Where {@link #account} would look for one that no step names; null if none is set. */
    @CheckForNull
    Account place(@NonNull Item item) {
        return find(FolderSettings::credentialsId)
                .map(level -> new Account(level.set.credentialsId(), level.folder.getFullName(), null))
                .orElseGet(() -> global.getCredentialsId() == null
                        ? null
                        : new Account(global.getCredentialsId(), item.getFullName(), null));
    }

    /**
     * The organization of a build's token.
     *
     * @param named by a step; null if none is
     * @param valid these very settings
     * @throws AbortException if there is none, it is no id, or a folder enforces another one
     */
    @NonNull
    String orgId(@NonNull ServiceAccount account, @CheckForNull String named, @NonNull QwietSettings valid)
            throws AbortException {
        String org = Stream.of(named, account.orgId(), valid.orgId())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AbortException(
                        account.isSecretText()
                                ? Messages.QwietConnections_noOrgIdOfText(account.id())
                                : Messages.QwietConnections_noOrgId(account.id())));
        String problem = named == null ? ServiceAccounts.orgIdProblem(account) : null;
        if (problem != null) {
            throw new AbortException(problem);
        } else if (!Organization.isId(org)) {
            throw new AbortException(SettingRules.orgId(org));
        }
        String enforcedBy = enforcedBy(FolderSettings::comparableOrgId, FolderSettings.comparable(org));
        if (enforcedBy != null) {
            throw new AbortException(Messages.EffectiveSettings_otherOrganization(enforcedBy, org, account.id()));
        }
        return org;
    }

    /** Why a step cannot have a token for so long, as a sentence; null if it can, or names none. */
    @CheckForNull
    public String lifetimeProblem(@NonNull Lifetime named) {
        return named.seconds() == null
                ? null
                : enforcing(FolderSettings::validFor)
                        // One that is no lifetime is said to be none.
                        .filter(level -> validFor(level).problem() == null)
                        .filter(level -> !named.seconds().equals(validFor(level).seconds()))
                        .map(level -> Messages.EffectiveSettings_otherLifetime(
                                level.folder.getFullName(), validFor(level).written(), named.written()))
                        .orElse(null);
    }
}
