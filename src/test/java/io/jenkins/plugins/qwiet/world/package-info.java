/**
 * A simulated world for leases, in the manner of FoundationDB and TigerBeetle: the real code of {@code lease}, its janitor and
 * {@code api} above the socket, in one thread, and around it everything made up from one seed. {@code World} is the place to
 * begin; {@code Worlds} runs many; {@code Planted} looks whether they find bugs.
 *
 * <p>What holds in each world at each moment, or it is a broken promise:
 *
 * <ul>
 *   <li>a token that lives at Qwiet, or that a request on its way may still make, has a lease;
 *   <li>no token is revoked that a build may use, unless an administrator says so;
 *   <li>no value and no bearer is written to the disk;
 *   <li>no mint takes more than a quarter of an hour, and no pass of the janitor more than an hour.
 * </ul>
 *
 * And when the faults end: within four hours what can be revoked is, though some deletions still fail for good; four hours
 * after these end too, no token and no lease is left, nor after a last power cut.
 *
 * <p>What no world does, because nothing could be promised then: hold a request back for more than three minutes; lag behind
 * with a list for more than thirty seconds; let the pages of a list shift while they are read; send a repeated request on after the answer to the first; answer a deletion in
 * Qwiet's place in Qwiet's own words; lose what a disk said to be synced; rename a job in the middle of a mint. Nor is a
 * token counted that was made beside another by a repeated request, if its process was killed before it looked for that.
 */
package io.jenkins.plugins.qwiet.world;
