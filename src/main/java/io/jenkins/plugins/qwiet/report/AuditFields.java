package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.config.SettingRules;
import java.util.List;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The form of an audit: its words, and the checks of what people type into it. */
public interface AuditFields {
    /** What the form offers as severities, that of a field among them. */
    @NonNull
    default List<String> severities(@NonNull String current) {
        return SeverityArgument.choices(current);
    }

    /** What the form calls a severity; what is none has no other name. */
    @NonNull
    default String inWords(@NonNull String severity) {
        if (SeverityArgument.problem(severity) != null) {
            return severity;
        }
        return switch (SeverityArgument.of(severity)) {
            case OFF -> Messages.QwietTokenAudit_off();
            case WARN -> Messages.QwietTokenAudit_warn();
            case UNSTABLE -> Messages.QwietTokenAudit_unstable();
            case FAIL -> Messages.QwietTokenAudit_fail();
        };
    }

    @RequirePOST
    default FormValidation doCheckCredentialsId(@AncestorInPath Item item, @QueryParameter String credentialsId) {
        return AccountForm.checkAccount(item, credentialsId);
    }

    @RequirePOST
    default FormValidation doCheckOrgId(@AncestorInPath Item item, @QueryParameter String orgId) {
        return AccountForm.check(item, SettingRules.typedOrgId(orgId));
    }

    @RequirePOST
    default FormValidation doCheckMaxDays(@AncestorInPath Item item, @QueryParameter String maxDays) {
        return AccountForm.check(item, RuleArguments.limitProblem(maxDays));
    }

    @RequirePOST
    default FormValidation doCheckMaxLive(@AncestorInPath Item item, @QueryParameter String maxLive) {
        return AccountForm.check(item, RuleArguments.limitProblem(maxLive));
    }

    @RequirePOST
    default FormValidation doCheckLabelPattern(@AncestorInPath Item item, @QueryParameter String labelPattern) {
        return AccountForm.check(item, RuleArguments.patternProblem(Util.fixEmptyAndTrim(labelPattern)));
    }
}
