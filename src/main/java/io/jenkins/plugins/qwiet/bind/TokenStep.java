package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.api.StorableText;
import io.jenkins.plugins.qwiet.config.TypedNumber;
import io.jenkins.plugins.qwiet.grant.RequestRules;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import java.util.Map;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The arguments that both steps share. Blank is the same as not given. */
public abstract class TokenStep extends Step {
    private String label;
    private String description;
    private String credentialsId;
    private String orgId;
    private String variable;
    private String orgVariable;
    private Integer validFor;

    /** What a form sent instead of a number; null if it did not. */
    private String typedValidFor;

    private Boolean renew;

    TokenStep(@CheckForNull String label) {
        this.label = StorableText.ofNullable(Util.fixEmptyAndTrim(label));
    }

    TokenRequest request() {
        return new TokenRequest(label, description, credentialsId, orgId, variable, orgVariable, validFor)
                .typedValidFor(typedValidFor)
                .renewed(isRenew());
    }

    @CheckForNull
    public String getLabel() {
        return label;
    }

    /** Beside the constructor's argument, which allows {@code step('x')}: Declarative takes for optional what has a setter. */
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

    /** Seconds; null for the global setting. */
    @CheckForNull
    public Integer getValidFor() {
        return validFor;
    }

    @DataBoundSetter
    public void setValidFor(@CheckForNull Integer validFor) {
        typed(new TypedNumber(validFor, null));
    }

    /** For the form: also what is no number. */
    @CheckForNull
    public String getTypedValidFor() {
        return validFor == null ? typedValidFor : validFor.toString();
    }

    void typed(TypedNumber seconds) {
        validFor = seconds.number();
        typedValidFor = seconds.other();
    }

    public boolean isRenew() {
        return renew == null || renew;
    }

    /** Whether the token gets a successor before it dies, as long as it is held; the default is true. */
    @DataBoundSetter
    public void setRenew(boolean renew) {
        this.renew = renew ? null : false;
    }

    /** The form that both steps share. */
    public abstract static class TokenStepDescriptor extends StepDescriptor implements TokenFields {
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        /** What the page of a build's steps shows beside the step: it says by which label the token is found. */
        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return namedArgs.get("label") instanceof String label ? label : super.argumentsToString(namedArgs);
        }

        @Override
        public Step newInstance(StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            Step step = super.newInstance(request, form);
            if (step instanceof TokenStep made && form.has("validFor")) {
                made.typed(TypedNumber.in(form, "validFor"));
                TypedNumber.check(request, RequestRules.typedValidFor(made.typedValidFor));
            }
            return step;
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return AccountForm.accounts(item, credentialsId);
        }
    }
}
