package io.jenkins.plugins.qwiet.config;

import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.accounts.ServiceAccounts;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import java.time.Duration;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The form of the global settings. Times are whole seconds. */
@Extension
@Symbol("qwiet")
public class QwietConfiguration extends GlobalConfiguration {
    /** Where a token is found, unless an administrator says otherwise: what Qwiet's command line reads. */
    public static final String DEFAULT_VARIABLE = "SHIFTLEFT_ACCESS_TOKEN";
    /** Where the organization's id is found, unless an administrator says otherwise. */
    public static final String DEFAULT_ORG_VARIABLE = "SHIFTLEFT_ORG_ID";
    /**
     * What a drop-down sends if nothing is chosen. The scripts of Jenkins take an empty value for a list that is not there
     * yet, and put the stored value back, so that people would have to choose twice.
     */
    public static final String NOTHING_CHOSEN = " ";
    /** One hour. */
    public static final int DEFAULT_VALIDITY = 3600;

    private String apiAddress = ApiAddress.DEFAULT;

    @CheckForNull
    private String orgId;

    @CheckForNull
    private String credentialsId;

    private int validity = DEFAULT_VALIDITY;
    private String variable = DEFAULT_VARIABLE;
    private String orgVariable = DEFAULT_ORG_VARIABLE;
    private int connectTimeout = (int) ConnectionSettings.DEFAULT_CONNECT_TIMEOUT.toSeconds();
    private int callTimeout = (int) ConnectionSettings.DEFAULT_CALL_TIMEOUT.toSeconds();
    private boolean revokeAtEnd = true;

    /** Reads what was saved. */
    public QwietConfiguration() {
        load();
    }

    /** The settings of this Jenkins. */
    @NonNull
    public static QwietConfiguration get() {
        return ExtensionList.lookupSingleton(QwietConfiguration.class);
    }

    /** All of them at this moment. */
    @NonNull
    public synchronized QwietSettings settings() {
        return new QwietSettings(
                ApiAddress.parse(apiAddress),
                orgId,
                credentialsId,
                Duration.ofSeconds(validity),
                variable,
                orgVariable,
                Duration.ofSeconds(connectTimeout),
                Duration.ofSeconds(callTimeout),
                revokeAtEnd);
    }

    @Override
    public String getDisplayName() {
        return Messages.QwietConfiguration_displayName();
    }

    @Override
    public synchronized boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        try {
            req.bindJSON(this, json);
        } catch (IllegalArgumentException e) {
            throw new FormException(rootMessage(e), e, "qwiet");
        }
        save();
        return true;
    }

    private static String rootMessage(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    public String getApiAddress() {
        return apiAddress;
    }

    /** Blank means Qwiet's shared service. */
    @DataBoundSetter
    public void setApiAddress(@CheckForNull String text) {
        String trimmed = Util.fixEmptyAndTrim(text);
        this.apiAddress =
                trimmed == null ? ApiAddress.DEFAULT : ApiAddress.parse(trimmed).base();
    }

    @CheckForNull
    public String getOrgId() {
        return orgId;
    }

    /** Blank means that each credential or step must name one. */
    @DataBoundSetter
    public void setOrgId(@CheckForNull String text) {
        String trimmed = Util.fixEmptyAndTrim(text);
        this.orgId = SettingRules.required(trimmed, SettingRules.orgId(trimmed));
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Blank means that each step must name one. */
    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String id) {
        this.credentialsId = Util.fixEmptyAndTrim(id);
    }

    public int getValidity() {
        return validity;
    }

    @DataBoundSetter
    public void setValidity(int seconds) {
        this.validity = SettingRules.required(seconds, SettingRules.validity(seconds));
    }

    public String getVariable() {
        return variable;
    }

    @DataBoundSetter
    public void setVariable(@CheckForNull String name) {
        this.variable = variableOr(name, DEFAULT_VARIABLE);
    }

    public String getOrgVariable() {
        return orgVariable;
    }

    @DataBoundSetter
    public void setOrgVariable(@CheckForNull String name) {
        this.orgVariable = variableOr(name, DEFAULT_ORG_VARIABLE);
    }

    private static String variableOr(String name, String otherwise) {
        String trimmed = Util.fixEmptyAndTrim(name);
        return trimmed == null ? otherwise : SettingRules.required(trimmed, SettingRules.variable(trimmed));
    }

    public int getConnectTimeout() {
        return connectTimeout;
    }

    @DataBoundSetter
    public void setConnectTimeout(int seconds) {
        this.connectTimeout = SettingRules.required(seconds, SettingRules.timeout(seconds));
    }

    public int getCallTimeout() {
        return callTimeout;
    }

    @DataBoundSetter
    public void setCallTimeout(int seconds) {
        this.callTimeout = SettingRules.required(seconds, SettingRules.timeout(seconds));
    }

    public boolean isRevokeAtEnd() {
        return revokeAtEnd;
    }

    @DataBoundSetter
    public void setRevokeAtEnd(boolean revokeAtEnd) {
        this.revokeAtEnd = revokeAtEnd;
    }

    /** The service accounts of this Jenkins, for administrators; for others only the one that is set. */
    @RequirePOST
    public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
        return AccountForm.accounts(null, credentialsId, Messages.QwietConfiguration_none());
    }

    /** Whether jobs could use it: the drop-down also offers what is for Jenkins itself alone. */
    @RequirePOST
    public FormValidation doCheckCredentialsId(@QueryParameter String credentialsId) {
        String trimmed = Util.fixEmptyAndTrim(credentialsId);
        if (!mayAdminister()) {
            return FormValidation.ok();
        } else if (trimmed == null) {
            return FormValidation.warning(Messages.QwietConfiguration_noCredential());
        }
        var account = ServiceAccounts.find(trimmed, "");
        if (account.isEmpty()) {
            return FormValidation.error(Messages.ConnectionCheck_credentialNotFound(trimmed));
        }
        return account.get().getScope() == CredentialsScope.SYSTEM
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
        return validation(SettingRules.typedSeconds(validity, SettingRules::validity));
    }

    @RequirePOST
    public FormValidation doCheckConnectTimeout(@QueryParameter String connectTimeout) {
        return validation(SettingRules.typedSeconds(connectTimeout, SettingRules::timeout));
    }

    @RequirePOST
    public FormValidation doCheckCallTimeout(@QueryParameter String callTimeout) {
        return validation(SettingRules.typedSeconds(callTimeout, SettingRules::timeout));
    }

    @RequirePOST
    public FormValidation doCheckVariable(@QueryParameter String variable, @QueryParameter String orgVariable) {
        return variableCheck(variable, variable, orgVariable);
    }

    @RequirePOST
    public FormValidation doCheckOrgVariable(@QueryParameter String orgVariable, @QueryParameter String variable) {
        return variableCheck(orgVariable, variable, orgVariable);
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
