package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.User;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Account;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/**
 * Where a service account is, so that it is found again without the build that used it: by the same look-up that will be
 * made when a token is revoked. Looks with the rights of Jenkins itself; may block.
 */
final class AccountPlace {
    private static final Logger LOGGER = Logger.getLogger(AccountPlace.class.getName());

    private AccountPlace() {}

    /**
     * Looks for an account that a build was given: as high up as it can be had, since jobs are moved; then in the job; then
     * with the rights of those for whom the build may run, which is how users' own are found.
     *
     * @param bearer its token as it was read for the build
     * @param asUser with whose rights the build was given it
     * @throws UnreadableAccount if whoever provides it fails
     */
    @NonNull
    static FoundAccount of(
            @NonNull Run<?, ?> run,
            @NonNull ServiceAccount credential,
            @NonNull SecretText bearer,
            @NonNull Authentication asUser) {
        String job = run.getParent().getFullName();
        String id = credential.id();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return Stream.of(
                            itemsDownTo(run).stream().map(item -> new Account(id, item, null)),
                            users(run, asUser).stream().map(user -> new Account(id, "", user)),
                            users(run, asUser).stream().map(user -> new Account(id, job, user)))
                    .flatMap(places -> places)
                    .filter(account ->
                            find(account).filter(isSame(credential, bearer)).isPresent())
                    .findFirst()
                    .map(account -> new FoundAccount(credential, bearer, account, true))
                    .orElseGet(() -> new FoundAccount(credential, bearer, new Account(id, job, null), false));
        }
    }

    /**
     * Wherever it may be now, the likeliest first: at its place; then where its job sees it, as people move credentials
     * and jobs; then the same without the user whose own it was. Looks no further than is read.
     *
     * @param job the full name of the one for which it minted a token
     */
    @NonNull
    static Stream<ServiceAccount> findAll(@NonNull Account account, @NonNull String job) {
        String id = account.credentialsId();
        return Stream.of(
                        account,
                        new Account(id, job, account.user()),
                        new Account(id, account.item(), null),
                        new Account(id, job, null))
                .distinct()
                .flatMap(place -> find(place).stream());
    }

    /** By its place; empty if it is not there, or cannot be seen from there. */
    @NonNull
    static Optional<ServiceAccount> find(@NonNull Account account) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            String user = account.user();
            if (user == null) {
                return in(nearest(account.item()), account.credentialsId(), ACL.SYSTEM2);
            }
            return rightsOf(user).flatMap(rights -> in(nearest(account.item()), account.credentialsId(), rights));
        }
    }

    /** Why it is not found, in words for a person. */
    @NonNull
    static String whyNotFound(@NonNull Account account) {
        String id = account.credentialsId();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            String user = account.user();
            if (user != null) {
                if (isGone(user)) {
                    return Messages.AccountPlace_userIsGone(id, user);
                }
                return rightsOf(user).isEmpty()
                        ? Messages.AccountPlace_noRightsOf(id, user)
                        : Messages.AccountPlace_goneFromUser(id, user);
            } else if (account.item().isEmpty()) {
                return Messages.AccountPlace_goneFromJenkins(id);
            }
            Item item = Jenkins.get().getItemByFullName(account.item());
            if (item == null) {
                return Messages.AccountPlace_itemIsGone(id, account.item());
            }
            return item instanceof ItemGroup<?>
                    ? Messages.AccountPlace_goneFromFolder(id, account.item())
                    : Messages.AccountPlace_hidden(id, account.item());
        }
    }

    /** Of two objects, those with the same token; which may be rotated between one reading and the next. */
    private static Predicate<ServiceAccount> isSame(ServiceAccount credential, SecretText bearer) {
        return other -> {
            if (other.credential() == credential.credential()) {
                return true;
            }
            SecretText others = other.bearer();
            return others.equals(bearer) || others.equals(credential.bearer());
        };
    }

    /** Jenkins, the folders that the job is in, the job. */
    private static List<String> itemsDownTo(Run<?, ?> run) {
        var items = new ArrayList<String>();
        items.add(run.getParent().getFullName());
        ItemGroup<?> group = run.getParent().getParent();
        while (group instanceof Item folder) {
            items.add(0, folder.getFullName());
            group = folder.getParent();
        }
        items.add(0, "");
        return items;
    }

    /** For whom a build may be running: the one as whom its job runs, and who started it, or a build that started it. */
    private static Collection<String> users(Run<?, ?> run, Authentication asUser) {
        var users = new LinkedHashSet<String>();
        if (run.getParent() instanceof Queue.Task task) {
            users.add(Tasks.getAuthenticationOf2(task).getName());
        }
        users.add(asUser.getName());
        Run<?, ?> cause = run;
        while (cause != null) {
            var user = cause.getCause(Cause.UserIdCause.class);
            if (user != null && user.getUserId() != null) {
                users.add(user.getUserId());
            }
            var upstream = cause.getCause(Cause.UpstreamCause.class);
            cause = upstream == null ? null : upstream.getUpstreamRun();
        }
        users.removeIf(name -> name.equals(ACL.SYSTEM2.getName()) || name.equals(Jenkins.ANONYMOUS2.getName()));
        return users;
    }

    private static boolean isGone(String user) {
        return User.getById(user, false) == null;
    }

    private static Optional<Authentication> rightsOf(String user) {
        User there = User.getById(user, false);
        try {
            return Optional.ofNullable(there).map(User::impersonate2);
        } catch (AuthenticationException e) {
            LOGGER.log(Level.FINE, e, () -> "The rights of a user cannot be had: " + user);
            return Optional.empty();
        }
    }

    private static Optional<ServiceAccount> in(ModelObject context, String id, Authentication rights) {
        return ServiceAccount.find(
                context,
                kind -> context instanceof Item item
                        ? CredentialsProvider.findCredentialByIdInItem(id, kind, item, rights, List.of())
                        : CredentialsProvider.findCredentialByIdInItemGroup(
                                id, kind, (ItemGroup<?>) context, rights, List.of()));
    }

    /** The item, or the nearest folder above it that still exists, or Jenkins itself. */
    private static ModelObject nearest(String fullName) {
        String name = fullName;
        while (!name.isEmpty()) {
            Item item = Jenkins.get().getItemByFullName(name);
            if (item != null) {
                return item;
            }
            int slash = name.lastIndexOf('/');
            name = slash < 0 ? "" : name.substring(0, slash);
        }
        return Jenkins.get();
    }
}
