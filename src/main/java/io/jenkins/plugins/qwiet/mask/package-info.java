/**
 * Which bytes of a log must not be seen, and the stream that hides them. Knows nothing of Jenkins.
 *
 * <p>{@code SecretForms} decides what is hidden, {@code FormIndex} finds it, {@link
 * io.jenkins.plugins.qwiet.mask.MaskingOutputStream} replaces it.
 */
package io.jenkins.plugins.qwiet.mask;
