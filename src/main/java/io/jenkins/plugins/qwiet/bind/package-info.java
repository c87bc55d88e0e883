/**
 * The ways in which users ask for a token: the steps {@code qwietCiToken} and {@code withQwietCiToken}, {@code
 * withCredentials}, the freestyle build step, and the forms of all of them. {@code MintExecution} is a step while it waits for
 * its token: an abort and a restart of Jenkins are handled there. The end of a block is in {@link
 * io.jenkins.plugins.qwiet.bind.WithQwietCiTokenStep}. What cannot do without a thread that waits uses {@link
 * io.jenkins.plugins.qwiet.grant.Await}.
 *
 * <p>Jenkins enters by {@link io.jenkins.plugins.qwiet.bind.QwietCiTokenStep} and {@link
 * io.jenkins.plugins.qwiet.bind.WithQwietCiTokenStep}, which extend {@link io.jenkins.plugins.qwiet.bind.TokenStep}, {@link
 * io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding} and {@link io.jenkins.plugins.qwiet.bind.QwietTokenBuilder}; no
 * other package uses this one. Each collects its arguments in a {@link
 * io.jenkins.plugins.qwiet.grant.TokenRequest} and leaves the rest to {@code grant}. A new way to bind begins as a copy of
 * the nearest of them; its form gets its checks from {@link io.jenkins.plugins.qwiet.bind.TokenFields}.
 */
package io.jenkins.plugins.qwiet.bind;
