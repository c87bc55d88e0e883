package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.sf.json.JSONObject;

/** What the form of the global settings sends, before anything is made of it: here all that is wrong is still there. */
final class TypedSettings {
    private final JSONObject form;

    TypedSettings(@NonNull JSONObject form) {
        this.form = form;
    }

    /** What is wrong, all of it, each with the name of its field as the form shows it; null if nothing is. */
    @CheckForNull
    String problems() {
        String variable = text("variable");
        String orgVariable = text("orgVariable");
        String variables = SettingRules.variable(variable);
        String orgVariables = SettingRules.variable(orgVariable);
        String problems = Stream.of(
                        named(Messages.TypedSettings_apiAddress(), SettingRules.apiAddress(text("apiAddress"))),
                        named(Messages.TypedSettings_orgId(), SettingRules.orgId(text("orgId"))),
                        named(
                                Messages.TypedSettings_validity(),
                                Lifetime.of(text("validity")).problem()),
                        named(Messages.TypedSettings_variable(), variables),
                        named(Messages.TypedSettings_orgVariable(), orgVariables),
                        variables == null && orgVariables == null && form.has("variable") && form.has("orgVariable")
                                ? named(
                                        Messages.TypedSettings_orgVariable(),
                                        SettingRules.sameVariable(variable, orgVariable))
                                : null,
                        named(
                                Messages.TypedSettings_apiHostVariable(),
                                SettingRules.apiHostVariable(
                                        text("apiHostVariable"),
                                        orDefault("variable", QwietConfiguration.DEFAULT_VARIABLE),
                                        orDefault("orgVariable", QwietConfiguration.DEFAULT_ORG_VARIABLE))),
                        seconds("connectTimeout", Messages.TypedSettings_connectTimeout(), SettingRules::timeout),
                        seconds("callTimeout", Messages.TypedSettings_callTimeout(), SettingRules::timeout))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
        return problems.isEmpty() ? null : problems;
    }

    /** The same with the default in place of each number that was cleared. */
    @NonNull
    JSONObject withDefaults() {
        var filled = JSONObject.fromObject(form);
        fill(filled, "connectTimeout", ConnectionSettings.DEFAULT_CONNECT_TIMEOUT.toSeconds());
        fill(filled, "callTimeout", ConnectionSettings.DEFAULT_CALL_TIMEOUT.toSeconds());
        return filled;
    }

    private void fill(JSONObject filled, String field, long number) {
        if (form.has(field)) {
            String typed = text(field);
            filled.put(field, typed == null ? String.valueOf(number) : typed);
        }
    }

    @CheckForNull
    private String seconds(String field, String title, Function<Integer, String> rule) {
        String typed = text(field);
        return typed == null ? null : named(title, SettingRules.typedSeconds(typed, rule));
    }

    /** What a field that was left blank means; null if the form has no such field. */
    @CheckForNull
    private String orDefault(String field, String usual) {
        return form.has(field) ? Util.fixNull(text(field), usual) : null;
    }

    @CheckForNull
    private String text(String field) {
        return Util.fixEmptyAndTrim(form.optString(field));
    }

    @CheckForNull
    private static String named(String title, @CheckForNull String problem) {
        return problem == null
                ? null
                : Messages.TypedSettings_problem(Messages.QwietConfiguration_displayName(), title, problem);
    }
}
