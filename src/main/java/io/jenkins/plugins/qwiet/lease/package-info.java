/**
 * The life of a token: intent, mint, reconcile, revoke. It knows the API client and nothing of Jenkins.
 *
 * <p>A lease is a record that is on disk <em>before</em> Qwiet is asked for a token, and is removed only when that token is
 * surely gone. So what a crash, a cut connection or an outage leaves behind is always known here, and is revoked later. A
 * token's value never reaches this package's files.
 *
 * <p>There are two doors. {@link io.jenkins.plugins.qwiet.lease.Leasing} mints, releases and revokes for a build, and
 * gives the {@link io.jenkins.plugins.qwiet.lease.LeaseStore} in which the open {@link
 * io.jenkins.plugins.qwiet.lease.Lease}s are found. {@link io.jenkins.plugins.qwiet.lease.Janitor} is called now and
 * then and revokes what no build uses. Behind them, {@code Minting} mints and reconciles, and {@code LeaseRevoker}
 * revokes; {@code LeaseWriter} tells them why the disk refused a change of a lease. {@code Looks} knows what an absence
 * from Qwiet's list is worth, and {@code EndedLeases} what is looked for once more. {@code DueLeases} and {@code
 * OrganizationSweep} are the two halves of a janitor's pass; {@code Backoff} and {@code GroupTries} decide what is tried
 * when. {@code LeaseStore} knows all leases and hands each change to its {@code Journal}, which writes lines ({@code
 * JournalText}) to {@code JournalFiles} through {@code Disk}; {@code HomeMark} tells a copy of all these files from the
 * place where they were written. {@link io.jenkins.plugins.qwiet.lease.TokenDescription} is what ties a token in Qwiet's
 * list to its lease.
 */
package io.jenkins.plugins.qwiet.lease;
