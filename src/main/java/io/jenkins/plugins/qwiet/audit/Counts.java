package io.jenkins.plugins.qwiet.audit;

/**
 * How many tokens of each kind were listed; exact, however long the list.
 *
 * @param listed all of them
 * @param liveCi live CI tokens
 * @param neverExpire live CI tokens without an end
 * @param expired tokens whose time is over, listed only where that was asked for
 * @param otherTypes live tokens that are not CI tokens, listed only where that was asked for
 * @param madeByJenkins live tokens that a build made, of this Jenkins or another
 * @param leftBehind live tokens whose build is over or gone, this build's not among them
 */
public record Counts(
        long listed,
        long liveCi,
        long neverExpire,
        long expired,
        long otherTypes,
        long madeByJenkins,
        long leftBehind) {
    /** Nothing was listed. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);
}
