package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
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
import io.jenkins.plugins.qwiet.api.DisplayText;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** What forms that choose a service account answer, and to whom. */
public final class AccountForm {
    /**
     * What a drop-down sends if nothing is chosen. The scripts of Jenkins take an empty value for a list that is not there
     * yet, and put the stored value back, so that people would have to choose twice.
     */
    public static final String NOTHING_CHOSEN = " ";

    private static final Logger LOGGER = Logger.getLogger(AccountForm.class.getName());

    private AccountForm() {}

    /**
     * The service accounts that a job may use; for those who may not configure it only the one that is set.
     *
     * @param item the job; null for a form of Jenkins itself
     */
    @NonNull
    public static ListBoxModel accounts(@CheckForNull Item item, @CheckForNull String current) {
        return accounts(
                item,
                current,
                item != null && item.getParent() instanceof Item
                        ? Messages.AccountForm_accountOfFolder()
                        : Messages.AccountForm_globalAccount());
    }

    /** The same, with a text of one's own for choosing none. */
    @NonNull
    public static ListBoxModel accounts(
            @CheckForNull Item item, @CheckForNull String current, @NonNull String nothingChosen) {
        var model = new StandardListBoxModel();
        if (!mayChoose(item)) {
            return model.includeCurrentValue(current);
        }
        model.add(nothingChosen, NOTHING_CHOSEN);
        try {
            offer(model, item);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Service accounts for a form");
        }
        return Util.fixEmptyAndTrim(current) == null ? model : model.includeCurrentValue(current);
    }

    /**
     * Our own kind first; then secret texts, said to be such. Of two of the same id, the one that would be used.
     *
     * @throws RuntimeException if whoever provides credentials fails
     */
    private static void offer(StandardListBoxModel model, @CheckForNull Item item) {
        BrokenProvider.ask(() -> {
            offerAll(model, item);
            return null;
        });
    }

    private static void offerAll(StandardListBoxModel model, @CheckForNull Item item) {
        include(model, item, QwietServiceAccount.class);
        var texts = new StandardListBoxModel();
        include(texts, item, StringCredentials.class);
        Set<String> ids = texts.stream().map(text -> text.value).collect(Collectors.toSet());
        model.removeIf(own -> item != null && ids.contains(own.value) && ServiceAccount.hasNearerText(item, own.value));
        model.addMissing(texts.stream()
                .map(text -> new ListBoxModel.Option(Messages.AccountForm_secretText(text.name), text.value))
                .toList());
    }

    private static void include(
            StandardListBoxModel model, @CheckForNull Item item, Class<? extends StandardCredentials> kind) {
        if (item == null) {
            model.includeMatchingAs(
                    ACL.SYSTEM2,
                    Jenkins.get(),
                    kind,
                    List.of(),
                    // What is for Jenkins itself alone, no job can use.
                    CredentialsMatchers.not(CredentialsMatchers.withScope(CredentialsScope.SYSTEM)));
        } else {
            var user = item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
            model.includeAs(user, item, kind);
        }
    }

    /** Whether it is one of those that are offered; blank is none, and variables are fine. */
    @NonNull
    public static FormValidation checkAccount(@CheckForNull Item item, @CheckForNull String credentialsId) {
        return credentialsId != null && credentialsId.contains("${")
                ? FormValidation.ok()
                : checkId(item, credentialsId);
    }

    /** The same where no build puts anything in the place of a variable. */
    @NonNull
    public static FormValidation checkId(@CheckForNull Item item, @CheckForNull String credentialsId) {
        String id = Util.fixEmptyAndTrim(credentialsId);
        if (id == null || !mayChoose(item)) {
            return FormValidation.ok();
        }
        var offered = new StandardListBoxModel();
        try {
            offer(offered, item);
        } catch (RuntimeException e) {
            return FormValidation.warning(ServiceAccounts.whyBroken(id, e));
        }
        return offered.stream().anyMatch(option -> option.value.equals(id))
                ? FormValidation.ok()
                : FormValidation.error(notFound(id));
    }

    /** That a form cannot offer it, as a sentence. */
    @NonNull
    public static String notFound(@NonNull String id) {
        return Messages.AccountForm_notFound(DisplayText.quotable(id));
    }

    /** An error, unless there is none or the one who asks may not configure the job. */
    @NonNull
    public static FormValidation check(@CheckForNull Item item, @CheckForNull String problem) {
        return problem == null || !mayChoose(item) ? FormValidation.ok() : FormValidation.error(problem);
    }

    private static boolean mayChoose(@CheckForNull Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }
}
