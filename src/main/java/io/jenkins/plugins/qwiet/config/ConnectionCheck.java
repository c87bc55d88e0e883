package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.accounts.ServiceAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccountCheck;
import io.jenkins.plugins.qwiet.accounts.ServiceAccounts;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Account;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks Qwiet {@code my_scopes} for a form's button, and puts the answer in words. */
@Extension
public class ConnectionCheck implements ServiceAccountCheck {
    @Override
    public FormValidation check(SecretText token, String orgId, Item item) {
        var effective = EffectiveSettings.of(item);
        return check(token, orgId != null ? orgId : effective.orgId(), effective);
    }

    /** @param effective of where the account is to be used: builds there may be in no organization but one */
    private static FormValidation check(SecretText token, @CheckForNull String org, EffectiveSettings effective) {
        QwietSettings settings;
        try {
            settings = QwietConfiguration.get().validSettings();
        } catch (AbortException e) {
            return FormValidation.error(e.getMessage());
        }
        if (org == null) {
            return FormValidation.error(Messages.ConnectionCheck_noOrgId());
        }
        String problem = SettingRules.orgId(org);
        if (problem != null) {
            return FormValidation.error(problem);
        }
        String enforcedBy = effective.enforcedBy(FolderSettings::comparableOrgId, FolderSettings.comparable(org));
        if (enforcedBy != null) {
            return FormValidation.error(Messages.ConnectionCheck_otherOrganization(enforcedBy, org));
        }
        return ask(
                QwietConnections.get().client(settings, new Organization(settings.apiAddress(), org), token),
                settings,
                Messages.ConnectionCheck_asked(org, settings.apiAddress().base()));
    }

    /** With what the form of the global settings holds; any of them may be null. */
    @NonNull
    FormValidation test(
            @CheckForNull String apiAddress, @CheckForNull String orgId, @CheckForNull String credentialsId) {
        String typed = apiAddress == null ? ApiAddress.DEFAULT : apiAddress;
        String problem = SettingRules.apiAddress(typed);
        if (problem != null) {
            return FormValidation.error(problem);
        }
        if (!isStored(ApiAddress.parse(typed))) {
            return FormValidation.warning(Messages.ConnectionCheck_saveFirst());
        }
        if (credentialsId == null) {
            return FormValidation.error(Messages.ConnectionCheck_noCredential());
        }
        return test(
                Account.ofJenkins(credentialsId),
                orgId,
                Messages.ConnectionCheck_credentialNotFound(DisplayText.quotable(credentialsId)),
                EffectiveSettings.of(null));
    }

    /** With what the form of a folder holds, and for what is blank there with what would apply. */
    @NonNull
    FormValidation test(@NonNull Item folder, @NonNull FolderSettings typed) {
        var effective = EffectiveSettings.of(folder, typed);
        Account place = effective.place(folder);
        return place == null
                ? FormValidation.error(Messages.ConnectionCheck_noCredential())
                : test(place, effective.orgId(), AccountForm.notFound(place.credentialsId()), effective);
    }

    private static FormValidation test(
            Account place, @CheckForNull String orgId, String notFound, EffectiveSettings effective) {
        try {
            return ServiceAccounts.find(place)
                    .map(account -> test(account, account.bearer(), orgId, effective))
                    .orElseGet(() -> FormValidation.error(notFound));
        } catch (RuntimeException e) {
            return FormValidation.error(ServiceAccounts.whyBroken(place.credentialsId(), e));
        }
    }

    private static FormValidation test(
            ServiceAccount account, SecretText bearer, @CheckForNull String orgId, EffectiveSettings effective) {
        String unusable = Stream.of(ServiceAccounts.problem(account, bearer), ServiceAccounts.orgIdProblem(account))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        if (!unusable.isEmpty()) {
            return FormValidation.error(unusable);
        }
        String org = account.orgId() != null ? account.orgId() : orgId;
        // Never the saved one for one that was cleared in the form: what is tested is what is seen.
        return check(bearer, org, effective);
    }

    /** However it is written: what is stored may be older than the one form that addresses have now. */
    private static boolean isStored(ApiAddress typed) {
        try {
            return typed.equals(QwietConfiguration.get().settings().apiAddress());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static FormValidation ask(QwietClient client, QwietSettings settings, String asked) {
        var sofar = new AtomicReference<String>();
        var answer = client.myScopes(again -> sofar.set(again.reason()));
        try {
            return withSkew(
                    inWords(answer.get(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS), asked),
                    QwietConnections.skew(client.clock().skew()));
        } catch (TimeoutException e) {
            answer.cancel(true);
            String reason = sofar.get();
            return FormValidation.error(
                    (reason == null ? Messages.ConnectionCheck_noAnswer() : Messages.ConnectionCheck_putOff(reason))
                            + asked);
        } catch (ExecutionException e) {
            return FormValidation.error(
                    Messages.ConnectionCheck_unsure(e.getCause().getClass().getSimpleName()) + asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FormValidation.error(Messages.ConnectionCheck_noAnswer() + asked);
        }
    }

    /** An answer that is fine is a warning, if the clocks differ. */
    private static FormValidation withSkew(FormValidation answer, @CheckForNull String skew) {
        if (skew == null) {
            return answer;
        }
        return FormValidation.aggregate(List.of(answer, FormValidation.warning(skew)));
    }

    private static FormValidation inWords(Outcome<Set<String>> outcome, String asked) {
        if (outcome instanceof Done<Set<String>> done) {
            return scopes(done.value(), asked);
        } else if (outcome instanceof Refused<Set<String>> refused) {
            return FormValidation.error(switch (refused.status()) {
                        case 401 -> Messages.ConnectionCheck_unauthorized(refused.inWords());
                        case 403 -> Messages.ConnectionCheck_forbidden(refused.inWords());
                        case 404 -> Messages.ConnectionCheck_notFound(refused.inWords());
                        default -> Messages.ConnectionCheck_refused(refused.inWords());
                    }
                    + asked);
        } else if (outcome instanceof NotSent<Set<String>> notSent) {
            return FormValidation.error((notSent.turnedAway()
                            ? Messages.ConnectionCheck_putOff(notSent.reason())
                            : Messages.ConnectionCheck_notSent(notSent.reason()))
                    + asked);
        }
        return FormValidation.error(Messages.ConnectionCheck_unsure(outcome.reason()) + asked);
    }

    /** What a service account may and may not do with CI tokens. */
    private static FormValidation scopes(Set<String> scopes, String asked) {
        boolean create = has(scopes, "create");
        boolean list = has(scopes, "list");
        boolean delete = has(scopes, "delete");
        String words = String.join(
                        " ",
                        create ? Messages.ConnectionCheck_create() : Messages.ConnectionCheck_noCreate(),
                        delete ? Messages.ConnectionCheck_delete() : Messages.ConnectionCheck_noDelete(),
                        list ? Messages.ConnectionCheck_list() : Messages.ConnectionCheck_noList())
                + asked;
        if (!create) {
            return FormValidation.error(words);
        }
        return delete && list ? FormValidation.ok(words) : FormValidation.warning(words);
    }

    private static boolean has(Set<String> scopes, String verb) {
        return scopes.contains("tokens:" + verb) || scopes.contains("tokens:*");
    }
}
