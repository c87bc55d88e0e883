package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a folder sets for the jobs below it, whether or not it is valid; null where it sets nothing.
 *
 * @param enforced whether folders and jobs below it may not have anything else where it sets something
 */
public record FolderSettings(
        @CheckForNull String credentialsId,
        @CheckForNull String orgId,
        @CheckForNull Lifetime validFor,
        @CheckForNull String variable,
        @CheckForNull String orgVariable,
        @CheckForNull String apiHostVariable,
        boolean enforced) {

    /** Knows what folders set. There is none if the plugin of folders is not installed. */
    public interface Source extends ExtensionPoint {
        /** Null if it is no folder, or sets nothing. */
        @CheckForNull
        FolderSettings of(@NonNull ItemGroup<?> group);
    }

    boolean isBlank() {
        return !enforced
                && Stream.of(credentialsId, orgId, validFor, variable, orgVariable, apiHostVariable)
                        .allMatch(Objects::isNull);
    }

    @CheckForNull
    String writtenLifetime() {
        return validFor == null ? null : validFor.written();
    }

    /** As the same one is the same, however it is written. */
    @CheckForNull
    String comparableOrgId() {
        return orgId == null ? null : comparable(orgId);
    }

    /** Ids are UUIDs, which are the same in capitals. */
    @NonNull
    static String comparable(@NonNull String orgId) {
        return orgId.toLowerCase(Locale.ROOT);
    }

    /** As the same one is the same, however it is written. */
    @CheckForNull
    String comparableLifetime() {
        Integer seconds = validFor == null ? null : validFor.seconds();
        return seconds == null ? writtenLifetime() : seconds.toString();
    }

    boolean hasVariable() {
        return variable != null || orgVariable != null || apiHostVariable != null;
    }

    /** What is wrong with each by itself, by the name of its field as the form shows it. */
    @NonNull
    Map<String, String> problems() {
        var problems = new LinkedHashMap<String, String>();
        problems.put(Messages.TypedSettings_orgId(), SettingRules.orgId(orgId));
        problems.put(Messages.TypedSettings_validity(), validFor == null ? null : validFor.problem());
        problems.put(Messages.TypedSettings_variable(), SettingRules.variable(variable));
        problems.put(Messages.TypedSettings_orgVariable(), SettingRules.variable(orgVariable));
        problems.put(Messages.TypedSettings_apiHostVariable(), SettingRules.variable(apiHostVariable));
        problems.values().removeIf(Objects::isNull);
        return problems;
    }
}
