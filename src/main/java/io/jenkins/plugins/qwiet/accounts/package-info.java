/**
 * The service account: its credential type, how it is found when a token is minted and when it is revoked, and the
 * drop-down in which people choose it.
 *
 * <p>The doors are {@link io.jenkins.plugins.qwiet.accounts.ServiceAccounts} for code that needs an account, {@link
 * io.jenkins.plugins.qwiet.accounts.AccountForm} for forms that offer accounts (it also decides who may see an answer), and
 * {@link io.jenkins.plugins.qwiet.accounts.QwietServiceAccount}, the credential itself. Nothing here talks to Qwiet: what
 * an account may do is asked through {@link io.jenkins.plugins.qwiet.accounts.ServiceAccountCheck}.
 */
package io.jenkins.plugins.qwiet.accounts;
