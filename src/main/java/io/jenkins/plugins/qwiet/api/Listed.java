package io.jenkins.plugins.qwiet.api;

/**
 * How a list of tokens ended.
 *
 * @param count tokens that were seen
 * @param whole whether these were all. If not, nothing follows from a token's absence: the list was cut, or came in pages
 *     that could not be followed
 */
public record Listed(long count, boolean whole) {}
