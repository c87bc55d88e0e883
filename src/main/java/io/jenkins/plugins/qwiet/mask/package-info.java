/**
 * Which bytes of a text must not be seen, and how they are hidden. It knows nothing of Jenkins; of our other rooms, only
 * {@link io.jenkins.plugins.qwiet.api.SecretText}.
 *
 * <p>There are two doors: {@link io.jenkins.plugins.qwiet.mask.Mask} hides secrets in a whole text, and {@link
 * io.jenkins.plugins.qwiet.mask.MaskingOutputStream} in a stream of bytes, such as a log. {@code SecretForms} decides which
 * texts stand for a secret, with a class for each family of encodings ({@code Base64Forms}, {@code HexForms}, {@code UrlForms}, {@code
 * JsonForms}, {@code XmlForms}, {@code ShellForms}); {@code PatternIndex} finds them.
 */
package io.jenkins.plugins.qwiet.mask;
