/**
 * The ways in which users ask for a token: the steps {@code qwietCiToken} and {@code withQwietCiToken}, {@code
 * withCredentials}, the freestyle build step, and the forms of all of them. Here is also how a step or a block behaves when
 * it is aborted, or when Jenkins restarts.
 *
 * <p>Jenkins enters by the four describables; no other package uses this one. Each collects its arguments in a {@link
 * io.jenkins.plugins.qwiet.grant.TokenRequest} and leaves the rest to {@code grant}. A new way to bind begins here; its
 * form gets its checks from {@link io.jenkins.plugins.qwiet.bind.TokenFields}.
 */
package io.jenkins.plugins.qwiet.bind;
