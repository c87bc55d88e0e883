package io.jenkins.plugins.qwiet.grant;

import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.lease.Account;

/**
 * What a build remembers of a token's lease beside what it knows of the token itself, so that the lease can be made again if it
 * is lost: the folder of leases was restored from an older backup, or deleted, and the build was not.
 *
 * @param owner names who wrote it, so that in a copy of a home it is the original's still
 * @param apiAddress at which the token was made
 * @param account that made it
 * @param isNeeded whether a lease is: not of a token that is left to expire
 */
record LeaseOrigin(
        @NonNull String owner,
        @NonNull String apiAddress,
        @NonNull Account account,
        boolean isNeeded) {

    LeaseOrigin notNeeded() {
        return new LeaseOrigin(owner, apiAddress, account, false);
    }

    void write(HierarchicalStreamWriter out) {
        out.addAttribute("leaseOwner", owner);
        out.addAttribute("apiAddress", apiAddress);
        out.addAttribute("credentialsId", account.credentialsId());
        out.addAttribute("accountItem", account.item());
        String user = account.user();
        if (user != null) {
            out.addAttribute("accountUser", user);
        }
        if (!isNeeded) {
            out.addAttribute("leaseNeeded", "false");
        }
    }

    /** Null if there is none. */
    @CheckForNull
    static LeaseOrigin read(HierarchicalStreamReader in) {
        String owner = in.getAttribute("leaseOwner");
        String apiAddress = in.getAttribute("apiAddress");
        String credentialsId = in.getAttribute("credentialsId");
        return owner == null || apiAddress == null || credentialsId == null
                ? null
                : new LeaseOrigin(
                        owner,
                        apiAddress,
                        new Account(
                                credentialsId,
                                Util.fixNull(in.getAttribute("accountItem")),
                                in.getAttribute("accountUser")),
                        !"false".equals(in.getAttribute("leaseNeeded")));
    }
}
