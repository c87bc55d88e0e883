/**
 * How the mask reaches Jenkins: the build's log, the logs that agents write, what Pipeline records of steps, the texts of
 * exceptions. What is a secret is decided in {@code mask}; which tokens a build holds is decided in {@code grant}.
 *
 * <p>The door is {@link io.jenkins.plugins.qwiet.redact.BuildMask}: whoever gives a build a token tells it, before anybody
 * can see the token. Everything else here is found and asked by Jenkins itself.
 */
package io.jenkins.plugins.qwiet.redact;
