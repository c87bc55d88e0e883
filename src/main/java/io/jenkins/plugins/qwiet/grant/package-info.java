/**
 * What a build was given: the request for a token, its issue, the build's record of it, its revocation when its use or the
 * build is over. Also the leases as this Jenkins has them: their place on disk, their threads, the janitor's timer, and jobs
 * that are moved or deleted.
 *
 * <p>The doors are {@link io.jenkins.plugins.qwiet.grant.TokenIssuer} to give a build a token, {@link
 * io.jenkins.plugins.qwiet.grant.RestOfBuild} to let later steps see it, {@link
 * io.jenkins.plugins.qwiet.grant.TokenRevoker} to revoke it, {@link io.jenkins.plugins.qwiet.grant.BuildTokens} to read
 * what a build was given, and {@link io.jenkins.plugins.qwiet.grant.JenkinsLeases} for the leases and the janitor. What the
 * build's log says of a token is in {@link io.jenkins.plugins.qwiet.grant.TokenLog}.
 */
package io.jenkins.plugins.qwiet.grant;
