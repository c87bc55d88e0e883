package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Item;
import hudson.model.ModelObject;
import hudson.security.AccessControlled;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.api.StorableText;
import java.io.Serial;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** A Qwiet service account: an integration token that may mint CI tokens. */
public class QwietServiceAccount extends BaseStandardCredentials {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(QwietServiceAccount.class.getName());

    @NonNull
    private final Secret token;

    @CheckForNull
    private String orgId;

    /**
     * @param token the integration token whose role is Service Account, as Qwiet showed it once
     */
    @DataBoundConstructor
    public QwietServiceAccount(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @NonNull Secret token) {
        super(scope, id, description);
        this.token = token;
    }

    /** For the form; calls to Qwiet are made with {@link #bearer()}. */
    @NonNull
    public Secret getToken() {
        return token;
    }

    /** What calls to Qwiet are made with: the token without the blanks and line ends around it. May be empty. */
    @NonNull
    public SecretText bearer() {
        return SecretText.of(token.getPlainText().trim());
    }

    /** The organization it belongs to, overriding the global one; null for the global one. */
    @CheckForNull
    public String getOrgId() {
        return orgId;
    }

    /**
     * Blank means the global one. Takes any text: were it refused, the form would lose the token, which Qwiet shows once.
     * What is wrong is said in the form, at its test, when it is used, and in the log of Jenkins.
     */
    @DataBoundSetter
    public void setOrgId(@CheckForNull String orgId) {
        this.orgId = StorableText.ofNullable(Util.fixEmptyAndTrim(orgId));
        String problem = ServiceAccounts.orgIdProblem(getId(), this.orgId);
        if (problem != null) {
            LOGGER.warning(problem);
        }
    }

    /** A file that somebody wrote may have blanks where a form has none. */
    @Serial
    protected Object readResolve() {
        orgId = StorableText.ofNullable(Util.fixEmptyAndTrim(orgId));
        return this;
    }

    /** The form. */
    @Extension
    @Symbol("qwietServiceAccount")
    public static class DescriptorImpl extends BaseStandardCredentialsDescriptor {
        @Override
        public String getDisplayName() {
            return Messages.QwietServiceAccount_displayName();
        }

        @Override
        public String getDescription() {
            return Messages.QwietServiceAccount_description();
        }

        @Override
        public String getIconClassName() {
            return "symbol-key";
        }

        /** Whether it does not look like something else. Nothing is said of a field that nobody has filled in yet. */
        @RequirePOST
        public FormValidation doCheckToken(@AncestorInPath ModelObject context, @QueryParameter Secret token) {
            String plain = token == null ? "" : token.getPlainText();
            return plain.isBlank() || !mayEdit(context) ? FormValidation.ok() : TokenSyntax.problem(plain);
        }

        /** Whether it is a UUID, or blank. */
        @RequirePOST
        public FormValidation doCheckOrgId(@AncestorInPath ModelObject context, @QueryParameter String orgId) {
            String trimmed = Util.fixEmptyAndTrim(orgId);
            return !mayEdit(context) || trimmed == null || Organization.isId(trimmed)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.QwietServiceAccount_orgIdIsNoUuid());
        }

        /**
         * Asks Qwiet what the token in the form may do. It is sent to the address of the global settings and nowhere
         * else, so nobody can have a stored token sent to an address of their own.
         */
        @RequirePOST
        public FormValidation doTestServiceAccount(
                @AncestorInPath ModelObject context,
                @AncestorInPath Item item,
                @QueryParameter Secret token,
                @QueryParameter String orgId) {
            checkMayEdit(context);
            String plain = token == null ? "" : token.getPlainText().trim();
            FormValidation problem = TokenSyntax.problem(plain);
            if (problem.kind == FormValidation.Kind.ERROR) {
                return problem;
            }
            return ExtensionList.lookupFirst(ServiceAccountCheck.class)
                    .check(SecretText.of(plain), Util.fixEmptyAndTrim(orgId), item);
        }

        private static boolean mayEdit(ModelObject context) {
            var controlled = controlled(context);
            return controlled.hasPermission(CredentialsProvider.CREATE)
                    || controlled.hasPermission(CredentialsProvider.UPDATE);
        }

        private static void checkMayEdit(ModelObject context) {
            if (!mayEdit(context)) {
                controlled(context).checkPermission(CredentialsProvider.UPDATE);
            }
        }

        private static AccessControlled controlled(ModelObject context) {
            return context instanceof AccessControlled controlled ? controlled : Jenkins.get();
        }
    }
}
