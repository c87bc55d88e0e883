package io.jenkins.plugins.qwiet.config;

import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.accounts.ServiceAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccounts;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.lease.Account;
import java.util.Optional;
import java.util.function.Function;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** What the form of the global settings asks while somebody fills it in: drop-down, checks, button. */
public abstract class SettingsForm extends GlobalConfiguration {
    /** The service accounts of this Jenkins, for administrators; for others only the one that is set. */
    @RequirePOST
    public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
        return AccountForm.accounts(null, credentialsId, Messages.QwietConfiguration_none());
    }

    /** Whether jobs could use it: what is set may have been changed since, or come from elsewhere than the form. */
    @RequirePOST
    public FormValidation doCheckCredentialsId(@QueryParameter String credentialsId) {
        String trimmed = Util.fixEmptyAndTrim(credentialsId);
        if (!mayAdminister()) {
            return FormValidation.ok();
        } else if (trimmed == null) {
            return FormValidation.warning(Messages.QwietConfiguration_noCredential());
        }
        Optional<ServiceAccount> account;
        try {
            account = ServiceAccounts.find(Account.ofJenkins(trimmed));
        } catch (RuntimeException e) {
            return FormValidation.warning(ServiceAccounts.whyBroken(trimmed, e));
        }
        if (account.isEmpty()) {
            return FormValidation.error(Messages.ConnectionCheck_credentialNotFound(DisplayText.quotable(trimmed)));
        }
        return account.get().scope() == CredentialsScope.SYSTEM
                ? FormValidation.error(Messages.QwietConfiguration_systemScope(trimmed))
                : FormValidation.ok();
    }

    @RequirePOST
    public FormValidation doCheckApiAddress(@QueryParameter String apiAddress) {
        return validation(SettingRules.apiAddress(Util.fixEmptyAndTrim(apiAddress)));
    }

    @RequirePOST
    public FormValidation doCheckOrgId(@QueryParameter String orgId) {
        String trimmed = Util.fixEmptyAndTrim(orgId);
        if (trimmed == null) {
            return mayAdminister()
                    ? FormValidation.warning(Messages.QwietConfiguration_noOrgId())
                    : FormValidation.ok();
        }
        return validation(SettingRules.orgId(trimmed));
    }

    @RequirePOST
    public FormValidation doCheckValidity(@QueryParameter String validity) {
        return validation(Lifetime.of(validity).problem());
    }

    @RequirePOST
    public FormValidation doCheckConnectTimeout(@QueryParameter String connectTimeout) {
        return secondsCheck(connectTimeout, SettingRules::timeout);
    }

    @RequirePOST
    public FormValidation doCheckCallTimeout(@QueryParameter String callTimeout) {
        return secondsCheck(callTimeout, SettingRules::timeout);
    }

    @RequirePOST
    public FormValidation doCheckVariable(@QueryParameter String variable, @QueryParameter String orgVariable) {
        return variableCheck(variable, variable, orgVariable);
    }

    @RequirePOST
    public FormValidation doCheckOrgVariable(@QueryParameter String orgVariable, @QueryParameter String variable) {
        return variableCheck(orgVariable, variable, orgVariable);
    }

    @RequirePOST
    public FormValidation doCheckApiHostVariable(
            @QueryParameter String apiHostVariable,
            @QueryParameter String variable,
            @QueryParameter String orgVariable) {
        return validation(SettingRules.apiHostVariable(apiHostVariable, variable, orgVariable));
    }

    /** Asks Qwiet what the chosen service account may do. A stored token goes to the stored address only. */
    @RequirePOST
    public FormValidation doTestConnection(
            @QueryParameter String apiAddress, @QueryParameter String orgId, @QueryParameter String credentialsId) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return ExtensionList.lookupSingleton(ConnectionCheck.class)
                .test(
                        Util.fixEmptyAndTrim(apiAddress),
                        Util.fixEmptyAndTrim(orgId),
                        Util.fixEmptyAndTrim(credentialsId));
    }

    /** A number that was cleared is the default. */
    private static FormValidation secondsCheck(String typed, Function<Integer, String> rule) {
        return validation(Util.fixEmptyAndTrim(typed) == null ? null : SettingRules.typedSeconds(typed, rule));
    }

    /** Of one of the two, beside the other. */
    private static FormValidation variableCheck(String name, String variable, String orgVariable) {
        String problem = SettingRules.variable(Util.fixEmptyAndTrim(name));
        return validation(
                problem != null
                        ? problem
                        : SettingRules.sameVariable(Util.fixEmptyAndTrim(variable), Util.fixEmptyAndTrim(orgVariable)));
    }

    /** Says nothing to those who may not see the form. */
    private static FormValidation validation(@CheckForNull String problem) {
        return AccountForm.check(null, problem);
    }

    private static boolean mayAdminister() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }
}
