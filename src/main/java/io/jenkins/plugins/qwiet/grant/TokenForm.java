package io.jenkins.plugins.qwiet.grant;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.bind.TokenStep;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.SettingRules;
import java.util.List;
import jenkins.model.Jenkins;

/** What the forms of the steps, the binding, the build step and the audit answer, and to whom. */
public final class TokenForm {
    /** The fields of a token's arguments, each with its help beside {@link TokenStep}. */
    static final List<String> FIELDS =
            List.of("label", "description", "credentialsId", "orgId", "variable", "orgVariable", "validFor");

    private TokenForm() {}

    /** The service accounts that the job may use; for those who may not configure it only the one that is set. */
    @NonNull
    public static ListBoxModel credentials(@CheckForNull Item item, String current) {
        var model = new StandardListBoxModel();
        if (!mayChoose(item)) {
            return model.includeCurrentValue(current);
        }
        model.add(Messages.TokenForm_globalCredential(), QwietConfiguration.NOTHING_CHOSEN);
        if (item == null) {
            model.includeAs(ACL.SYSTEM2, Jenkins.get(), QwietServiceAccount.class);
        } else {
            var user = item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
            model.includeAs(user, item, QwietServiceAccount.class);
        }
        return Util.fixEmptyAndTrim(current) == null ? model : model.includeCurrentValue(current);
    }

    /** An error, unless there is none or the one who asks may not configure the job. */
    @NonNull
    public static FormValidation check(@CheckForNull Item item, @CheckForNull String problem) {
        return problem == null || !mayChoose(item) ? FormValidation.ok() : FormValidation.error(problem);
    }

    /** Whether it is one of those that are offered; blank is the global one. */
    @NonNull
    public static FormValidation checkCredentialsId(@CheckForNull Item item, String credentialsId) {
        String id = Util.fixEmptyAndTrim(credentialsId);
        boolean fine = id == null
                || expands(id)
                || !mayChoose(item)
                || credentials(item, "").stream().anyMatch(option -> option.value.equals(id));
        return fine ? FormValidation.ok() : FormValidation.error(Messages.TokenForm_credentialNotFound(id));
    }

    /** Of an organization id; blank and variables are fine. */
    @NonNull
    public static FormValidation checkOrgId(@CheckForNull Item item, String orgId) {
        return check(item, expands(orgId) ? null : SettingRules.orgId(Util.fixEmptyAndTrim(orgId)));
    }

    static FormValidation checkVariable(@CheckForNull Item item, String name) {
        return check(item, RequestRules.variable(Util.fixEmptyAndTrim(name)));
    }

    static FormValidation checkValidFor(@CheckForNull Item item, String seconds) {
        String trimmed = Util.fixEmptyAndTrim(seconds);
        if (trimmed == null) {
            return FormValidation.ok();
        }
        try {
            return check(item, SettingRules.validity(Integer.parseInt(trimmed)));
        } catch (NumberFormatException e) {
            return check(item, Messages.TokenForm_number(trimmed));
        }
    }

    private static boolean expands(String text) {
        return text != null && text.contains("${");
    }

    private static boolean mayChoose(@CheckForNull Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }
}
