package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Executor;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.BuildStepMonitor;
import hudson.tasks.Publisher;
import hudson.tasks.Recorder;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.api.StorableText;
import io.jenkins.plugins.qwiet.audit.Severity;
import io.jenkins.plugins.qwiet.config.TypedNumber;
import java.io.IOException;
import jenkins.tasks.SimpleBuildStep;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * The post-build action "Audit Qwiet tokens", in Pipeline the step {@code qwietTokenAudit}. Needs no workspace; runs on
 * a thread that may block.
 *
 * <p>A field that is null was not set, and one that is blank not either: Jenkins reads a job's configuration without calling
 * constructor or setters.
 */
public class QwietTokenAudit extends Recorder implements SimpleBuildStep {
    static final String MAX_DAYS = "maxDays";
    static final String MAX_LIVE = "maxLive";

    private String credentialsId;
    private String orgId;
    private Boolean revoke;
    private boolean includeExpired;
    private String ownTokenLive;
    private String neverExpires;
    private String expiresLate;
    private Integer maxDays;
    private String typedMaxDays;
    private String tooMany;
    private Integer maxLive;
    private String typedMaxLive;
    private String leftByBuild;
    private String labelMismatch;
    private String labelPattern;
    private String listUnavailable;

    @DataBoundConstructor
    public QwietTokenAudit() {
        // All arguments are optional.
    }

    @Override
    public void perform(@NonNull Run<?, ?> run, @NonNull EnvVars env, @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        var audit = new BuildAudit(this, run, listener);
        try {
            AuditVerdict.apply(audit.audit(), run);
        } catch (InterruptedException e) {
            // Jenkins would print a stack trace, and a freestyle build would fail instead of being aborted.
            if (Executor.currentExecutor() != null) {
                run.setResult(Result.ABORTED);
            }
            throw new AbortException(Messages.QwietTokenAudit_aborted());
        }
    }

    @Override
    public boolean requiresWorkspace() {
        return false;
    }

    @Override
    public BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.NONE;
    }

    @CheckForNull
    public String getCredentialsId() {
        return Util.fixEmptyAndTrim(credentialsId);
    }

    /** Blank for the one that applies to the job; variables are expanded in a freestyle job. */
    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = StorableText.ofNullable(Util.fixEmptyAndTrim(credentialsId));
    }

    @CheckForNull
    public String getOrgId() {
        return Util.fixEmptyAndTrim(orgId);
    }

    /** Blank for that of the credential, or if it has none that of the job; variables are expanded in a freestyle job. */
    @DataBoundSetter
    public void setOrgId(@CheckForNull String orgId) {
        this.orgId = StorableText.ofNullable(Util.fixEmptyAndTrim(orgId));
    }

    public boolean isRevoke() {
        return revoke == null || revoke;
    }

    /** Whether this build's tokens are revoked first; the default is true. */
    @DataBoundSetter
    public void setRevoke(boolean revoke) {
        this.revoke = revoke;
    }

    public boolean isIncludeExpired() {
        return includeExpired;
    }

    @DataBoundSetter
    public void setIncludeExpired(boolean includeExpired) {
        this.includeExpired = includeExpired;
    }

    @NonNull
    public String getOwnTokenLive() {
        return orWarn(ownTokenLive);
    }

    @DataBoundSetter
    public void setOwnTokenLive(@CheckForNull String severity) {
        this.ownTokenLive = SeverityArgument.stored(severity);
    }

    @NonNull
    public String getNeverExpires() {
        return orWarn(neverExpires);
    }

    @DataBoundSetter
    public void setNeverExpires(@CheckForNull String severity) {
        this.neverExpires = SeverityArgument.stored(severity);
    }

    @NonNull
    public String getExpiresLate() {
        return orWarn(expiresLate);
    }

    /** Evaluated only if {@link #setMaxDays} is set. */
    @DataBoundSetter
    public void setExpiresLate(@CheckForNull String severity) {
        this.expiresLate = SeverityArgument.stored(severity);
    }

    /** A number, or what was given instead; null if nothing was. */
    @CheckForNull
    public Object getMaxDays() {
        return maxDays().asArgument();
    }

    /** Days from now; null or blank for any number. Of any type, as {@link TypedNumber#ofArgument} takes them. */
    @DataBoundSetter
    public void setMaxDays(@CheckForNull Object maxDays) {
        maxDays(TypedNumber.ofArgument(maxDays));
    }

    TypedNumber maxDays() {
        return new TypedNumber(maxDays, typedMaxDays);
    }

    private void maxDays(TypedNumber days) {
        maxDays = days.number();
        typedMaxDays = days.other();
    }

    @NonNull
    public String getTooMany() {
        return orWarn(tooMany);
    }

    /** Evaluated only if {@link #setMaxLive} is set. */
    @DataBoundSetter
    public void setTooMany(@CheckForNull String severity) {
        this.tooMany = SeverityArgument.stored(severity);
    }

    /** A number, or what was given instead; null if nothing was. */
    @CheckForNull
    public Object getMaxLive() {
        return maxLive().asArgument();
    }

    /** CI tokens; null or blank for any number. Of any type, as those of {@link #setMaxDays}. */
    @DataBoundSetter
    public void setMaxLive(@CheckForNull Object maxLive) {
        maxLive(TypedNumber.ofArgument(maxLive));
    }

    TypedNumber maxLive() {
        return new TypedNumber(maxLive, typedMaxLive);
    }

    private void maxLive(TypedNumber tokens) {
        maxLive = tokens.number();
        typedMaxLive = tokens.other();
    }

    @NonNull
    public String getLeftByBuild() {
        return orWarn(leftByBuild);
    }

    @DataBoundSetter
    public void setLeftByBuild(@CheckForNull String severity) {
        this.leftByBuild = SeverityArgument.stored(severity);
    }

    @NonNull
    public String getLabelMismatch() {
        return orWarn(labelMismatch);
    }

    /** Evaluated only if {@link #setLabelPattern} is set. */
    @DataBoundSetter
    public void setLabelMismatch(@CheckForNull String severity) {
        this.labelMismatch = SeverityArgument.stored(severity);
    }

    @CheckForNull
    public String getLabelPattern() {
        return Util.fixEmptyAndTrim(labelPattern);
    }

    /** A regular expression for whole labels; null for any label. */
    @DataBoundSetter
    public void setLabelPattern(@CheckForNull String labelPattern) {
        this.labelPattern = StorableText.ofNullable(Util.fixEmptyAndTrim(labelPattern));
    }

    @NonNull
    public String getListUnavailable() {
        return orWarn(listUnavailable);
    }

    @DataBoundSetter
    public void setListUnavailable(@CheckForNull String severity) {
        this.listUnavailable = SeverityArgument.stored(severity);
    }

    /** By default an audit says what it finds in the log, and changes no result. */
    private static String orWarn(@CheckForNull String severity) {
        String written = SeverityArgument.stored(severity);
        return written == null ? Severity.WARN.name() : written;
    }

    /** The form. */
    @Extension
    @Symbol("qwietTokenAudit")
    public static class DescriptorImpl extends BuildStepDescriptor<Publisher> implements AuditFields {
        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @Override
        public String getDisplayName() {
            return Messages.QwietTokenAudit_displayName();
        }

        @Override
        public Publisher newInstance(StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            Publisher publisher = super.newInstance(request, TypedNumber.without(form, MAX_DAYS, MAX_LIVE));
            if (publisher instanceof QwietTokenAudit made && form.has(MAX_DAYS) && form.has(MAX_LIVE)) {
                made.maxDays(TypedNumber.in(form, MAX_DAYS));
                made.maxLive(TypedNumber.in(form, MAX_LIVE));
                TypedNumber.check(request, RuleArguments.maxDaysProblem(made));
                TypedNumber.check(request, RuleArguments.maxLiveProblem(made));
            }
            return publisher;
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return AccountForm.accounts(item, credentialsId);
        }
    }
}
