/**
 * The life of a minted token: intent, mint, reconcile, revoke, expire. Knows nothing of Jenkins.
 *
 * <p>A lease is one small file that is on disk <em>before</em> Qwiet is asked for a token, and is gone only after the
 * token surely is. What a crash, a cut connection or an outage leaves behind is therefore always known here, and the
 * {@link io.jenkins.plugins.qwiet.lease.Janitor} ends it. A token's value never reaches this package's files.
 */
package io.jenkins.plugins.qwiet.lease;
