/**
 * What is open in Jenkins: the tokens of all builds that are, or may be, unrevoked in Qwiet, for administrators to see
 * and revoke.
 *
 * <p>There are three ways in: {@link io.jenkins.plugins.qwiet.manage.OpenTokensLink}, the page under Manage Jenkins with
 * its buttons and its REST API; {@link io.jenkins.plugins.qwiet.manage.ListQwietTokensCommand}, the same list on the
 * command line; and {@link io.jenkins.plugins.qwiet.manage.RevocationMonitor}, the warning when revocations fail. The
 * page's texts are beside its views; those that depend on a state are chosen by {@code OpenTokensPage} and {@code
 * OpenTokenRow}. All three read {@code OpenTokens}, which takes them from the leases in {@code grant}. With the plugin
 * Metrics there are two more for programs: {@link io.jenkins.plugins.qwiet.manage.QwietMetrics}, and {@link
 * io.jenkins.plugins.qwiet.manage.QwietHealthCheck} with what the warning knows. Only these two classes know that plugin, and
 * are loaded only with it.
 *
 * <p>Below the page is {@link io.jenkins.plugins.qwiet.manage.Organizations}: the last audits, and tokens that should be open,
 * but whose leases are lost.
 */
package io.jenkins.plugins.qwiet.manage;
