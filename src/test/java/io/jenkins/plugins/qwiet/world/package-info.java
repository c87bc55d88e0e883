/**
 * A simulated world for leases, in the manner of FoundationDB and TigerBeetle: the real code of {@code lease}, its janitor and
 * {@code api} above the socket, in one thread, and around it everything made up from one seed. {@code World} is the place to
 * begin, {@code Course} says what comes when, {@code Scenes} makes what chance makes too seldom; {@code Worlds} runs many;
 * {@code Planted} looks whether they find bugs.
 *
 * <p>What holds in each world at each moment, or it is a broken promise:
 *
 * <ul>
 *   <li>a token that lives at Qwiet, or that a request on its way may still make, has a lease;
 *   <li>no token is revoked that a build may use, unless an administrator says so;
 *   <li>no build gets a token that was made for another, though an answer that this process got is given to another creation;
 *   <li>no token of others is revoked, and none is given to a build that this process saw in a list before;
 *   <li>no token is refused for the sake of a disk that is well, whatever somebody did to the files before;
 *   <li>no Jenkins revokes what another minted and still looks after, though one is a copy of the other and runs the same
 *       builds;
 *   <li>while one process has the leases of a home, no second one gets them; where no lock keeps the two apart, both say so;
 *   <li>what a Jenkins knew that was stopped in order on a disk that is well, the next one knows;
 *   <li>what a Jenkins promised is on the disk, though somebody deleted, replaced, shortened or restored files or folders
 *       before, and bytes in the middle of them were damaged while none ran;
 *   <li>no lease of a Jenkins rests in its own home without a reason;
 *   <li>two looks after the disk is well, there is one journal, in proportion to what is known;
 *   <li>no value and no bearer is in anything that is written to the disk, nor in a name;
 *   <li>nothing is thrown where nothing may be;
 *   <li>no mint takes more than a quarter of an hour, and no pass of the janitor more than an hour.
 * </ul>
 *
 * And when the faults end: within four hours what can be revoked is, though some deletions still fail for good; 75 minutes
 * after an account may revoke again, nothing that it minted lives; four hours after all that fails ends too, no token and no
 * lease is left, open or ended, nor after a last power cut.
 *
 * <p>What no world does, because nothing could be promised then: hold a request back for more than three minutes; lag behind
 * with a list for more than thirty seconds, or let something that was in it be missing in the next one; let a page lack
 * something though the next ones are there; send a repeated request on after the answer to the first; answer a deletion in Qwiet's place in
 * Qwiet's own words; lose what a disk said to be synced; rename a job in the middle of a mint; copy a home while nobody has
 * its leases, or so that nothing tells it from the original; let an administrator of a copy take the original's leases over.
 *
 * <p>Not counted is a token whose lease was taken away with its file, if the process ended before it could look; one of whose
 * lease a line was damaged; what two processes do to mints of one another that are under way; and a token that was made
 * beside another by a repeated request, if its process was killed before it looked for that.
 */
package io.jenkins.plugins.qwiet.world;
