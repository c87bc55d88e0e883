package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** What the form of a folder's settings asks while somebody fills it in: drop-down, checks, button. */
public interface FolderForm {
    /** What applies where a form leaves something blank. */
    @NonNull
    default EffectiveSettings getFromAbove() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        Item folder = request == null ? null : request.findAncestorObject(Item.class);
        return folder == null ? EffectiveSettings.of(null) : EffectiveSettings.above(folder);
    }

    @RequirePOST
    default ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
        return AccountForm.accounts(item, credentialsId, Messages.QwietFolderProperty_fromAbove());
    }

    @RequirePOST
    default FormValidation doCheckCredentialsId(@AncestorInPath Item item, @QueryParameter String credentialsId) {
        FormValidation answer = AccountForm.checkId(item, credentialsId);
        return answer.kind == FormValidation.Kind.OK
                ? check(item, FolderSettings::credentialsId, null, typed -> typed.setCredentialsId(credentialsId))
                : answer;
    }

    @RequirePOST
    default FormValidation doCheckOrgId(@AncestorInPath Item item, @QueryParameter String orgId) {
        return check(
                item,
                FolderSettings::comparableOrgId,
                SettingRules.orgId(Util.fixEmptyAndTrim(orgId)),
                typed -> typed.setOrgId(orgId));
    }

    @RequirePOST
    default FormValidation doCheckValidFor(@AncestorInPath Item item, @QueryParameter String validFor) {
        return check(
                item,
                FolderSettings::comparableLifetime,
                Lifetime.of(validFor).problem(),
                typed -> typed.setValidFor(validFor));
    }

    @RequirePOST
    default FormValidation doCheckVariable(
            @AncestorInPath Item item,
            @QueryParameter String variable,
            @QueryParameter String orgVariable,
            @QueryParameter String apiHostVariable) {
        return check(
                item,
                FolderSettings::variable,
                variables(item, variable, orgVariable, apiHostVariable),
                typed -> typed.setVariable(variable));
    }

    @RequirePOST
    default FormValidation doCheckOrgVariable(
            @AncestorInPath Item item,
            @QueryParameter String orgVariable,
            @QueryParameter String variable,
            @QueryParameter String apiHostVariable) {
        return check(
                item,
                FolderSettings::orgVariable,
                variables(item, variable, orgVariable, apiHostVariable),
                typed -> typed.setOrgVariable(orgVariable));
    }

    @RequirePOST
    default FormValidation doCheckApiHostVariable(
            @AncestorInPath Item item,
            @QueryParameter String apiHostVariable,
            @QueryParameter String variable,
            @QueryParameter String orgVariable) {
        return check(
                item,
                FolderSettings::apiHostVariable,
                variables(item, variable, orgVariable, apiHostVariable),
                typed -> typed.setApiHostVariable(apiHostVariable));
    }

    /**
     * Asks Qwiet what the service account that would apply may do: for those who may configure the folder, since their builds
     * may use it too. A stored token goes to the stored address only. Where there is no folder, there is nothing to ask.
     */
    @RequirePOST
    default FormValidation doTestConnection(
            @AncestorInPath Item item, @QueryParameter String orgId, @QueryParameter String credentialsId) {
        if (!(item instanceof ItemGroup)) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FormValidation.error(Messages.ConnectionCheck_noCredential());
        }
        item.checkPermission(Item.CONFIGURE);
        var typed = new QwietFolderProperty();
        typed.setCredentialsId(credentialsId);
        typed.setOrgId(orgId);
        return ExtensionList.lookupSingleton(ConnectionCheck.class).test(item, typed.settings());
    }

    /** An error if there is a problem; a warning if a folder above enforces something else. */
    private static FormValidation check(
            @CheckForNull Item item,
            Function<FolderSettings, String> setting,
            @CheckForNull String problem,
            Consumer<QwietFolderProperty> type) {
        var form = new QwietFolderProperty();
        type.accept(form);
        String typed = setting.apply(form.settings());
        if (problem != null || typed == null || item == null) {
            return AccountForm.check(item, problem);
        }
        String enforcedBy = EffectiveSettings.above(item).enforcedBy(setting, typed);
        String noEffect = enforcedBy == null ? null : Messages.QwietFolderProperty_noEffect(enforcedBy);
        return AccountForm.check(item, noEffect).kind == FormValidation.Kind.OK
                ? FormValidation.ok()
                : FormValidation.warning(noEffect);
    }

    /** What is wrong with the variables, each by itself and beside the others that would apply. */
    @CheckForNull
    private static String variables(
            @CheckForNull Item item,
            @CheckForNull String variable,
            @CheckForNull String orgVariable,
            @CheckForNull String apiHostVariable) {
        var typed = new QwietFolderProperty();
        typed.setVariable(variable);
        typed.setOrgVariable(orgVariable);
        typed.setApiHostVariable(apiHostVariable);
        FolderSettings settings = typed.settings();
        Map<String, String> problems = new LinkedHashMap<>(settings.problems());
        if (item != null && settings.hasVariable()) {
            EffectiveSettings.of(item, settings).clashes().forEach(problems::putIfAbsent);
        }
        return problems.values().stream().findFirst().orElse(null);
    }
}
