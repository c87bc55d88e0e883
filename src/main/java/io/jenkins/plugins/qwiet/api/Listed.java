package io.jenkins.plugins.qwiet.api;

/**
 * How a list of tokens ended.
 *
 * @param count tokens that were seen
 * @param whole whether these were all. If not, nothing follows from a token's absence: the list was cut, or came in pages
 *     that could not be followed, or between which tokens moved
 * @param moved whether it is not whole, and nothing says so but that tokens moved from page to page while it was read, and
 *     perhaps {@linkplain QwietClient.Listing#unexplained unexplained} fields
 */
public record Listed(long count, boolean whole, boolean moved) {
    /** Of which nothing moved. */
    public Listed(long count, boolean whole) {
        this(count, whole, false);
    }
}
