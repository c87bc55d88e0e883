package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Item;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.AccountExpression;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.api.StorableText;
import io.jenkins.plugins.qwiet.config.Lifetime;
import io.jenkins.plugins.qwiet.grant.Await;
import io.jenkins.plugins.qwiet.grant.IssuedToken;
import io.jenkins.plugins.qwiet.grant.RestOfBuild;
import io.jenkins.plugins.qwiet.grant.TokenIssuer;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import java.io.IOException;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * The build step "Create a Qwiet CI token" of a freestyle job: later steps of the build see the token.
 *
 * <p>Its variable is not among {@code AbstractBuild.getSensitiveBuildVariables()}: core asks parameters and the wrappers of
 * the job's configuration for their names ({@code BuildWrapper.makeSensitiveBuildVariables}), and nobody else. A wrapper
 * must not be put into a job's configuration by its build, and a parameter would be shown on the build's page. The binding
 * {@link QwietAccessTokenBinding} is such a wrapper. What core hides by those names, arguments of a command it prints, the
 * mask of the log hides as well.
 */
public class QwietTokenBuilder extends Builder {
    private String label;
    private String description;
    private String credentialsId;
    private String orgId;
    private String variable;
    private String orgVariable;
    private String validFor;
    private Boolean renew;

    /**
     * @param label blank for the build's own name; variables are expanded
     */
    @DataBoundConstructor
    public QwietTokenBuilder(@CheckForNull String label) {
        this.label = StorableText.ofNullable(Util.fixEmptyAndTrim(label));
    }

    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        EnvVars env = AccountExpression.variables(build, listener);
        try {
            var arguments = new TokenRequest(
                            env.expand(label),
                            env.expand(description),
                            AccountExpression.of(build, env, credentialsId),
                            env.expand(orgId),
                            variable,
                            orgVariable,
                            lifetime())
                    .renewed(isRenew());
            IssuedToken token = Await.on(new TokenIssuer(build, listener).issue(arguments));
            Await.on(RestOfBuild.bind(build, null, token, listener, () -> true));
            return true;
        } catch (AbortException e) {
            listener.error(e.getMessage());
            return false;
        }
    }

    @CheckForNull
    public String getLabel() {
        return label;
    }

    /** Beside the constructor's argument: what has a setter is optional, in Job DSL for one. */
    @DataBoundSetter
    public void setLabel(@CheckForNull String label) {
        this.label = StorableText.ofNullable(Util.fixEmptyAndTrim(label));
    }

    @CheckForNull
    public String getDescription() {
        return description;
    }

    @DataBoundSetter
    public void setDescription(@CheckForNull String description) {
        this.description = StorableText.ofNullable(Util.fixEmptyAndTrim(description));
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = StorableText.ofNullable(Util.fixEmptyAndTrim(credentialsId));
    }

    @CheckForNull
    public String getOrgId() {
        return orgId;
    }

    @DataBoundSetter
    public void setOrgId(@CheckForNull String orgId) {
        this.orgId = StorableText.ofNullable(Util.fixEmptyAndTrim(orgId));
    }

    @CheckForNull
    public String getVariable() {
        return variable;
    }

    @DataBoundSetter
    public void setVariable(@CheckForNull String variable) {
        this.variable = StorableText.ofNullable(Util.fixEmptyAndTrim(variable));
    }

    @CheckForNull
    public String getOrgVariable() {
        return orgVariable;
    }

    @DataBoundSetter
    public void setOrgVariable(@CheckForNull String orgVariable) {
        this.orgVariable = StorableText.ofNullable(Util.fixEmptyAndTrim(orgVariable));
    }

    /** A number of seconds, or a text such as {@code 15m}; null for the setting that applies to the job. */
    @CheckForNull
    public Object getValidFor() {
        return lifetime().asArgument();
    }

    /** Any type, since Pipeline turns no number into a text, and Job DSL and Declarative refuse what is of another type. */
    @DataBoundSetter
    public void setValidFor(@CheckForNull Object validFor) {
        this.validFor = Lifetime.of(validFor).written();
    }

    private Lifetime lifetime() {
        return new Lifetime(validFor);
    }

    public boolean isRenew() {
        return renew == null || renew;
    }

    /** Whether the token gets a successor before it dies, as long as it is held; the default is true. */
    @DataBoundSetter
    public void setRenew(boolean renew) {
        this.renew = renew ? null : false;
    }

    /** The form. */
    @Extension
    public static class DescriptorImpl extends BuildStepDescriptor<Builder> implements TokenFields {
        public DescriptorImpl() {
            TokenFields.NAMES.forEach(field -> addHelpFileRedirect(field, QwietCiTokenStep.class, field));
            addHelpFileRedirect("renew", QwietCiTokenStep.class, "renew");
        }

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @Override
        public String getDisplayName() {
            return Messages.QwietTokenBuilder_displayName();
        }

        @Override
        public Builder newInstance(StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            Builder step = super.newInstance(request, Lifetime.without(form));
            if (step instanceof QwietTokenBuilder made && form.has(Lifetime.FIELD)) {
                made.validFor = Lifetime.in(form).written();
                made.lifetime().check(request);
            }
            return step;
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return AccountForm.accounts(item, credentialsId);
        }
    }
}
