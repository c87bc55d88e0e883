package io.jenkins.plugins.qwiet.bind;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractBuild;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.AccountExpression;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.api.StorableText;
import io.jenkins.plugins.qwiet.config.EffectiveSettings;
import io.jenkins.plugins.qwiet.config.Lifetime;
import io.jenkins.plugins.qwiet.grant.Await;
import io.jenkins.plugins.qwiet.grant.IssuedToken;
import io.jenkins.plugins.qwiet.grant.TokenIssuer;
import io.jenkins.plugins.qwiet.grant.TokenRequest;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.credentialsbinding.BindingDescriptor;
import org.jenkinsci.plugins.credentialsbinding.MultiBinding;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * {@code withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'x')])}, and "Use secret text(s) or file(s)" of a
 * freestyle job: the credential stays where it is, and what is bound is a token minted with it.
 */
public class QwietAccessTokenBinding extends MultiBinding<StandardCredentials> {
    private String label;
    private String description;
    private String orgId;
    private String variable;
    private String orgVariable;
    private String validFor;

    /** Of the step in which it stands; null if that is no Pipeline's. */
    private transient StepContext context;

    /**
     * @param credentialsId of the service account; blank for the one that applies to the job
     */
    @DataBoundConstructor
    public QwietAccessTokenBinding(@CheckForNull String credentialsId) {
        super(StorableText.ofNullable(Util.fixEmptyAndTrim(credentialsId)));
    }

    @Override
    protected Class<StandardCredentials> type() {
        return StandardCredentials.class;
    }

    @Override
    public MultiEnvironment bind(
            @NonNull Run<?, ?> build,
            @CheckForNull FilePath workspace,
            @CheckForNull Launcher launcher,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        String problem = build instanceof AbstractBuild<?, ?> freestyle ? SharedVariables.problem(freestyle) : null;
        if (problem != null) {
            throw new AbortException(problem);
        }
        var texts = texts(build, listener);
        String account = build instanceof AbstractBuild<?, ?> freestyle
                ? AccountExpression.of(freestyle, AccountExpression.variables(freestyle, listener), getCredentialsId())
                : getCredentialsId();
        CompletableFuture<IssuedToken> issued = new TokenIssuer(build, listener)
                .issue(new TokenRequest(
                                texts.apply(label),
                                texts.apply(description),
                                account,
                                texts.apply(orgId),
                                variable,
                                orgVariable,
                                lifetime())
                        .fixed()
                        .in(context == null ? null : context.get(FlowNode.class)));
        IssuedToken token;
        try {
            token = Await.on(issued);
            if (context != null) {
                UntilBlockEnds.watch(context, token.nonce);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            // An abort may come when there is a token already, and nobody is going to unbind it.
            issued.thenAccept(unused -> TokenRevoker.inTheBackground(build).revoke(unused.nonce));
            throw e;
        }
        return new MultiEnvironment(
                Map.of(token.variable, token.value.getPlainText()),
                Map.of(token.orgVariable, token.orgId),
                new Revoker(token.nonce));
    }

    /** A file that somebody wrote may have blanks where a form has none. */
    protected Object readResolve() {
        variable = Util.fixEmptyAndTrim(variable);
        orgVariable = Util.fixEmptyAndTrim(orgVariable);
        return this;
    }

    void standsIn(@NonNull StepContext step) {
        context = step;
    }

    /** Expands variables, except in a Pipeline: what Groovy left there is meant as it stands. */
    private static UnaryOperator<String> texts(Run<?, ?> build, TaskListener listener)
            throws IOException, InterruptedException {
        return build instanceof AbstractBuild<?, ?> freestyle
                ? AccountExpression.variables(freestyle, listener)::expand
                : UnaryOperator.identity();
    }

    @Override
    public Set<String> variables(@NonNull Run<?, ?> build) {
        return Set.of(
                variable != null
                        ? variable
                        : EffectiveSettings.of(build.getParent()).variable());
    }

    /** What is to hold the organization's ID. */
    String orgVariable(@NonNull Run<?, ?> build) {
        return orgVariable != null
                ? orgVariable
                : EffectiveSettings.of(build.getParent()).orgVariable();
    }

    /** Revokes when the block or the build is over. */
    private static final class Revoker implements Unbinder {
        private static final long LONGEST_WAIT_SECONDS = 15;

        @Serial
        private static final long serialVersionUID = 1;

        private final String nonce;

        Revoker(String nonce) {
            this.nonce = nonce;
        }

        @Override
        public void unbind(
                @NonNull Run<?, ?> build,
                @CheckForNull FilePath workspace,
                @CheckForNull Launcher launcher,
                @NonNull TaskListener listener)
                throws IOException, InterruptedException {
            // Of a Pipeline's step the log is closed when it goes on.
            Await.atMost(
                    LONGEST_WAIT_SECONDS, TokenRevoker.inTheBackground(build).giveBack(nonce));
        }
    }

    @CheckForNull
    public String getLabel() {
        return label;
    }

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

    /** The form. */
    @Extension
    @Symbol("qwietAccessToken")
    public static class DescriptorImpl extends BindingDescriptor<StandardCredentials> implements TokenFields {
        public DescriptorImpl() {
            TokenFields.NAMES.forEach(field -> addHelpFileRedirect(field, QwietCiTokenStep.class, field));
        }

        @Override
        protected Class<StandardCredentials> type() {
            return StandardCredentials.class;
        }

        @Override
        public String getDisplayName() {
            return Messages.QwietAccessTokenBinding_displayName();
        }

        @Override
        public MultiBinding<StandardCredentials> newInstance(StaplerRequest2 request, @NonNull JSONObject form)
                throws FormException {
            MultiBinding<StandardCredentials> binding = super.newInstance(request, Lifetime.without(form));
            if (binding instanceof QwietAccessTokenBinding made && form.has(Lifetime.FIELD)) {
                made.validFor = Lifetime.in(form).written();
                made.lifetime().check(request);
            }
            return binding;
        }

        /**
         * Lists {@link #doFillAccountItems} instead of what all bindings list: that has no choice of none, and
         * without the stored one among its choices a form would save another.
         */
        @Override
        public void calcFillSettings(String field, Map<String, Object> attributes) {
            super.calcFillSettings("credentialsId".equals(field) ? "account" : field, attributes);
        }

        /** Not what all bindings list: a credential of any kind is one. */
        @Override
        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item) {
            return AccountForm.accounts(item, null);
        }

        @RequirePOST
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return AccountForm.accounts(item, credentialsId);
        }

        @Override
        public boolean requiresWorkspace() {
            return false;
        }
    }
}
