package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.config.EffectiveSettings;
import io.jenkins.plugins.qwiet.config.Lifetime;
import io.jenkins.plugins.qwiet.config.SettingRules;
import io.jenkins.plugins.qwiet.grant.RequestRules;
import java.util.List;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The fields by which a form asks for a token, and their checks: the same in the steps, the binding and the build step. */
public interface TokenFields {
    /** Each has its help beside {@link TokenStep}. */
    List<String> NAMES =
            List.of("label", "description", "credentialsId", "orgId", "variable", "orgVariable", "validFor");

    /** What holds the token if a form leaves that blank, by the settings that apply now. */
    @NonNull
    default String getDefaultVariable() {
        return settings().variable();
    }

    /** What holds the organization's id if a form leaves that blank, by the settings that apply now. */
    @NonNull
    default String getDefaultOrgVariable() {
        return settings().orgVariable();
    }

    /** How long a token is valid if a form leaves that blank, by the settings that apply now, as they are written. */
    @NonNull
    default String getDefaultValidity() {
        return settings().validity();
    }

    /** Of the job whose form is shown. */
    private static EffectiveSettings settings() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return EffectiveSettings.of(request == null ? null : request.findAncestorObject(Item.class));
    }

    @RequirePOST
    default FormValidation doCheckLabel(@AncestorInPath Item item, @QueryParameter String label) {
        return AccountForm.check(item, RequestRules.label(Util.fixEmptyAndTrim(label)));
    }

    @RequirePOST
    default FormValidation doCheckDescription(@AncestorInPath Item item, @QueryParameter String description) {
        return AccountForm.check(item, RequestRules.description(Util.fixEmptyAndTrim(description)));
    }

    @RequirePOST
    default FormValidation doCheckCredentialsId(@AncestorInPath Item item, @QueryParameter String credentialsId) {
        return AccountForm.checkAccount(item, credentialsId);
    }

    @RequirePOST
    default FormValidation doCheckOrgId(@AncestorInPath Item item, @QueryParameter String orgId) {
        return AccountForm.check(item, SettingRules.typedOrgId(orgId));
    }

    @RequirePOST
    default FormValidation doCheckVariable(@AncestorInPath Item item, @QueryParameter String variable) {
        return AccountForm.check(item, SettingRules.variable(Util.fixEmptyAndTrim(variable)));
    }

    @RequirePOST
    default FormValidation doCheckOrgVariable(@AncestorInPath Item item, @QueryParameter String orgVariable) {
        return AccountForm.check(item, SettingRules.variable(Util.fixEmptyAndTrim(orgVariable)));
    }

    @RequirePOST
    default FormValidation doCheckValidFor(@AncestorInPath Item item, @QueryParameter String validFor) {
        return AccountForm.check(item, Lifetime.of(validFor).problem());
    }
}
