package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.StorableText;
import java.time.Duration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** The form of the global settings. Times are whole seconds. */
@Extension
@Symbol("qwiet")
public class QwietConfiguration extends SettingsForm {
    /** Where a token is found, unless an administrator says otherwise: what Qwiet's command line reads. */
    public static final String DEFAULT_VARIABLE = "SHIFTLEFT_ACCESS_TOKEN";
    /** Where the organization's id is found, unless an administrator says otherwise. */
    public static final String DEFAULT_ORG_VARIABLE = "SHIFTLEFT_ORG_ID";
    /** Where the host of Qwiet is found if it is not the shared one, unless an administrator says otherwise. */
    public static final String DEFAULT_API_HOST_VARIABLE = "SHIFTLEFT_API_HOST";
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

    private String validity = String.valueOf(DEFAULT_VALIDITY);
    private String variable = DEFAULT_VARIABLE;
    private String orgVariable = DEFAULT_ORG_VARIABLE;
    /** Empty for none. */
    private String apiHostVariable = DEFAULT_API_HOST_VARIABLE;

    private int connectTimeout = (int) ConnectionSettings.DEFAULT_CONNECT_TIMEOUT.toSeconds();
    private int callTimeout = (int) ConnectionSettings.DEFAULT_CALL_TIMEOUT.toSeconds();
    private boolean revokeAtEnd = true;
    private boolean onlyFindableAccounts;
    private boolean renew = true;

    /** What is in force while several settings are changed together, one after the other; null if that is what is set. */
    private transient QwietSettings unchanged;

    /** Reads what was saved. */
    public QwietConfiguration() {
        load();
    }

    /** A file that somebody wrote may have blanks where a form has none; what is blank there has its default. */
    protected Object readResolve() {
        apiAddress = textOr(apiAddress, ApiAddress.DEFAULT);
        orgId = Util.fixEmptyAndTrim(orgId);
        credentialsId = Util.fixEmptyAndTrim(credentialsId);
        validity = textOr(validity, String.valueOf(DEFAULT_VALIDITY));
        variable = textOr(variable, DEFAULT_VARIABLE);
        orgVariable = textOr(orgVariable, DEFAULT_ORG_VARIABLE);
        apiHostVariable = textOr(apiHostVariable, "");
        return this;
    }

    private static String textOr(@CheckForNull String text, String otherwise) {
        String trimmed = Util.fixEmptyAndTrim(text);
        return trimmed == null ? otherwise : trimmed;
    }

    /** The settings of this Jenkins. */
    @NonNull
    public static QwietConfiguration get() {
        return ExtensionList.lookupSingleton(QwietConfiguration.class);
    }

    /**
     * All of them at this moment.
     *
     * @throws AbortException if one that was stored is not valid, since somebody wrote the file by hand; with a sentence
     *     that says which and where to correct it
     */
    @NonNull
    public synchronized QwietSettings validSettings() throws AbortException {
        String problem = unchanged != null ? null : SettingRules.firstProblem(this);
        if (problem != null) {
            throw new AbortException(Messages.QwietConfiguration_storedIsWrong(problem));
        }
        return settings();
    }

    /**
     * The same where no build and no token of a service account depends on it.
     *
     * @throws IllegalArgumentException if a stored one is not valid
     */
    @NonNull
    public synchronized QwietSettings settings() {
        return unchanged != null ? unchanged : set();
    }

    private QwietSettings set() {
        return new QwietSettings(
                ApiAddress.parse(apiAddress),
                orgId,
                credentialsId,
                Lifetime.of(validity).orDefault(),
                variable,
                orgVariable,
                getApiHostVariable(),
                Duration.ofSeconds(connectTimeout),
                Duration.ofSeconds(callTimeout),
                revokeAtEnd,
                onlyFindableAccounts);
    }

    @Override
    public String getDisplayName() {
        return Messages.QwietConfiguration_displayName();
    }

    /** Tries the form on a copy, so that nothing of a form that is refused is ever in force. */
    @Override
    public synchronized boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        var form = new TypedSettings(json);
        String problems = form.problems();
        if (problems != null) {
            throw new FormException(problems, "qwiet");
        }
        beginChange();
        var typed = new QwietConfiguration();
        typed.take(this);
        try {
            req.bindJSON(typed, form.withDefaults());
            SettingRules.required(typed, SettingRules.firstProblem(typed));
        } catch (IllegalArgumentException e) {
            // Without a cause, of which Jenkins would show the stack trace.
            throw new FormException(rootMessage(e), "qwiet");
        }
        take(typed);
        save();
        return true;
    }

    private void take(QwietConfiguration other) {
        apiAddress = other.apiAddress;
        orgId = other.orgId;
        credentialsId = other.credentialsId;
        validity = other.validity;
        variable = other.variable;
        orgVariable = other.orgVariable;
        apiHostVariable = other.apiHostVariable;
        connectTimeout = other.connectTimeout;
        callTimeout = other.callTimeout;
        revokeAtEnd = other.revokeAtEnd;
        onlyFindableAccounts = other.onlyFindableAccounts;
        renew = other.renew;
    }

    /** Refuses two settings that are valid by themselves only. In the middle of a change of several, nothing is saved. */
    @Override
    public synchronized void save() {
        if (!BulkChange.contains(this)) {
            String same = SettingRules.sameVariable(variable, orgVariable);
            required(this, same != null ? same : SettingRules.apiHostVariable(apiHostVariable, variable, orgVariable));
            unchanged = null;
        }
        super.save();
    }

    /**
     * Configuration as Code sets one after the other, and saves when it is through. Until then no build must see some of
     * them: the stored token would go to the new address. What was begun so and never saved is dropped.
     */
    private synchronized void beginChange() {
        if (!BulkChange.contains(this)) {
            if (unchanged != null) {
                take(new QwietConfiguration());
                unchanged = null;
            }
        } else if (unchanged == null && SettingRules.firstProblem(this) == null) {
            unchanged = set();
        }
    }

    /** A value that is refused takes with it what was set before it and not saved. */
    private synchronized <T> T required(T value, @CheckForNull String problem) {
        if (problem == null) {
            return value;
        }
        take(new QwietConfiguration());
        unchanged = null;
        return SettingRules.required(value, problem);
    }

    private <T> T changed(T value, @CheckForNull String problem) {
        beginChange();
        return required(value, problem);
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
        changed(trimmed, SettingRules.apiAddress(trimmed));
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
        this.orgId = changed(trimmed, SettingRules.orgId(trimmed));
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Blank means that each step must name one. */
    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String id) {
        this.credentialsId = changed(StorableText.ofNullable(Util.fixEmptyAndTrim(id)), null);
    }

    /** As it was written. */
    public String getValidity() {
        return validity;
    }

    /** A number of seconds, or a text such as {@code 15m}; blank means an hour. */
    @DataBoundSetter
    public void setValidity(@CheckForNull String text) {
        Lifetime lifetime = Lifetime.of(text);
        String written = changed(lifetime, lifetime.problem()).written();
        this.validity = written == null ? String.valueOf(DEFAULT_VALIDITY) : written;
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

    /** Empty if the host is bound to no variable. */
    @NonNull
    public String getApiHostVariable() {
        return Util.fixNull(apiHostVariable);
    }

    /** Blank means that none is bound. */
    @DataBoundSetter
    public void setApiHostVariable(@CheckForNull String name) {
        this.apiHostVariable = variableOr(name, "");
    }

    private String variableOr(String name, String otherwise) {
        return changed(textOr(name, otherwise), SettingRules.variable(Util.fixEmptyAndTrim(name)));
    }

    public int getConnectTimeout() {
        return connectTimeout;
    }

    @DataBoundSetter
    public void setConnectTimeout(int seconds) {
        this.connectTimeout = changed(seconds, SettingRules.timeout(seconds));
    }

    public int getCallTimeout() {
        return callTimeout;
    }

    @DataBoundSetter
    public void setCallTimeout(int seconds) {
        this.callTimeout = changed(seconds, SettingRules.timeout(seconds));
    }

    public boolean isRevokeAtEnd() {
        return revokeAtEnd;
    }

    @DataBoundSetter
    public void setRevokeAtEnd(boolean revokeAtEnd) {
        this.revokeAtEnd = changed(revokeAtEnd, null);
    }

    public boolean isRenew() {
        return renew;
    }

    /** Whether a token that is held gets a successor before it dies, unless a step says otherwise. */
    @DataBoundSetter
    public void setRenew(boolean renew) {
        this.renew = changed(renew, null);
    }

    public boolean isOnlyFindableAccounts() {
        return onlyFindableAccounts;
    }

    /** Whether no token is minted with a service account that Jenkins itself could not find again to revoke it. */
    @DataBoundSetter
    public void setOnlyFindableAccounts(boolean onlyFindableAccounts) {
        this.onlyFindableAccounts = changed(onlyFindableAccounts, null);
    }
}
