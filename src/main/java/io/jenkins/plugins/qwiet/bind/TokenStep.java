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
import io.jenkins.plugins.qwiet.config.Lifetime;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import java.util.Map;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
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
    private String validFor;
    private Boolean renew;

    TokenStep(@CheckForNull String label) {
        this.label = StorableText.ofNullable(Util.fixEmptyAndTrim(label));
    }

    TokenRequest request() {
        return new TokenRequest(label, description, credentialsId, orgId, variable, orgVariable, lifetime())
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
            Step step = super.newInstance(request, Lifetime.without(form));
            if (step instanceof TokenStep made && form.has(Lifetime.FIELD)) {
                made.setValidFor(Lifetime.in(form).written());
                made.lifetime().check(request);
            }
            return step;
        }

        /** For Pipeline. */
        @Override
        public Step newInstance(Map<String, Object> arguments) throws Exception {
            Slips.check(getFunctionName(), DescribableModel.of(clazz), arguments);
            return super.newInstance(arguments);
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return AccountForm.accounts(item, credentialsId);
        }
    }
}
