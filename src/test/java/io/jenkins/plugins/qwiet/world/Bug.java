package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lint.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A fault as somebody could make it, of the kinds that were made.
 *
 * @param name what is wrong then
 * @param changes to the code
 */
record Bug(String name, List<Change> changes) {
    /** @param before what must be in the file exactly once */
    record Change(String file, String before, String after) {}

    static final String PACKAGE = "io/jenkins/plugins/qwiet/";

    static final List<Bug> ALL = List.of(
            bug(
                    "503 with Retry-After proves that nothing was done",
                    "api/ResponseReader.java",
                    "if (status == 429) {",
                    "if (status == 429 || status == 503 && retryAfter != null) {"),
            bug(
                    "A 4xx of anything on the way is Qwiet's own refusal",
                    "api/ResponseReader.java",
                    "} else if (error.byQwiet() && status >= 400",
                    "} else if (status >= 400"),
            bug(
                    "Any page with 200 says that a token is gone",
                    "api/OkHttpQwietClient.java",
                    "signed = ResponseBodies.deleted(json);",
                    "signed = true;"),
            bug(
                    "A creation that broke off made no token",
                    "lease/Minting.java",
                    "? reconcile(intent, outcome.reason())",
                    "? ended(intent, new MintResult.Unreachable(outcome.reason()))"),
            new Bug(
                    "One look that finds nothing proves that there is nothing",
                    List.of(
                            new Change(
                                    "lease/Looks.java",
                                    "if (begunAt - asked.getOrDefault(nonce, began) < APART.toNanos()) {",
                                    "if (begunAt < asked.getOrDefault(nonce, began)) {"),
                            new Change(
                                    "lease/Looks.java",
                                    "return begunAt - seen.since() >= apart.toNanos();",
                                    "return true;"))),
            bug(
                    "What was on its way long enough is measured by the clock on the wall",
                    "lease/Leasing.java",
                    "new Looks(nanoTime)",
                    "new Looks(() -> clock.millis() * 1_000_000L)"),
            bug(
                    "A lease ends when the clock says that its token has expired",
                    "lease/DueLeases.java",
                    "        } else if (lease.tokenId() == null || lease.releasedAt() != null) {",
                    """
                            } else if (lease.expiresAt() != null && parts.clock().instant().isAfter(lease.expiresAt())) {
                                writer.end(nonce);
                                return notDue(counter.revoked);
                            } else if (lease.tokenId() == null || lease.releasedAt() != null) {"""),
            new Bug(
                    "403 is for ever",
                    List.of(
                            new Change(
                                    "lease/Backoff.java",
                                    "SLOWEST = Duration.ofHours(1)",
                                    "SLOWEST = Duration.ofDays(400)"),
                            new Change(
                                    "lease/Settlement.java",
                                    "parts.tokens().failed(nonce, Backoff.SLOWEST, null);",
                                    "parts.tokens().failed(nonce, Backoff.SLOWEST, Backoff.SLOWEST);"))),
            bug(
                    "The pauses after a 403 grow without an end",
                    "lease/Backoff.java",
                    "SLOWEST = Duration.ofHours(1)",
                    "SLOWEST = Duration.ofDays(400)"),
            new Bug(
                    "One token that always fails stops all of its organization",
                    List.of(
                            new Change("lease/GroupTries.java", "FAILURES = 5;", "FAILURES = 1;"),
                            new Change("lease/GroupTries.java", "MOST_PROBES = 16;", "MOST_PROBES = 1;"),
                            new Change(
                                    "lease/Steps.java",
                                    "Comparator.comparingLong((Visit visit) -> parts.tokens().lastTry(visit.nonce()))\n"
                                            + "                .thenComparing(visit -> visit.lease().openedAt());",
                                    "Comparator.comparing(visit -> visit.lease().openedAt());"))),
            bug(
                    "The twin of a repeated creation is not looked for",
                    "lease/LeaseRevoker.java",
                    "ended.add(lease, looks.goneIds(lease.nonce()));",
                    "writer.end(lease.nonce());"),
            bug(
                    "The janitor does not ask whether a build runs",
                    "lease/DueLeases.java",
                    "new Answer(parts.builds().mayStillUse(lease), asOf)",
                    "new Answer(false, asOf)"),
            new Bug(
                    "The first page of a list counts as the whole",
                    List.of(
                            new Change("api/ListCall.java", "HttpUrl next = signs.next(list);", "HttpUrl next = null;"),
                            new Change(
                                    "api/ListCall.java",
                                    "boolean complete = signs.isWhole(count, ids.size(), readings.current().pages());",
                                    "boolean complete = true;"))),
            bug("Nothing is synced", "lease/JournalWriter.java", "                    file.sync();\n", ""),
            bug(
                    "The name of a new file is not synced",
                    "lease/JournalFiles.java",
                    "            begun.sync();\n            disk.sync(directory);\n",
                    "            begun.sync();\n"),
            bug(
                    "Twins of before a start are not looked for",
                    "lease/EndedLeases.java",
                    "        store.ended().stream()\n",
                    "        store.ended().stream().limit(0)\n"),
            bug(
                    "Leases that rest are lost when they are taken over",
                    "lease/KnownLeases.java",
                    "return resting.takeOver(owners).stream().map(record -> put(record.lease()));",
                    "return resting.takeOver(owners).stream().limit(1).map(record -> put(record.lease()));"),
            new Bug(
                    "One ended lease without a client holds up the looks for all",
                    List.of(
                            new Change(
                                    "lease/EndedLeases.java",
                                    "JOBS_ASKED = GroupTries.MOST_PROBES;",
                                    "JOBS_ASKED = 1;"),
                            new Change(
                                    "lease/EndedLeases.java",
                                    "        byTurns.sort(Comparator.comparingLong(ended -> ended.askedAt - now));\n",
                                    ""))),
            bug(
                    "A store that is closed does not write what the disk refused",
                    "lease/JournalWriter.java",
                    "changes.isEmpty() && !refused && (last || !untidy);",
                    "changes.isEmpty() && (last || !refused && !untidy);"),
            bug(
                    "A list that lacks what lives is the whole",
                    "lease/TokenLists.java",
                    "mayBeWhole && witnesses.contradict(",
                    "false && witnesses.contradict("),
            bug(
                    "A copy of a home takes itself for the original",
                    "lease/KnownLeases.java",
                    "} else if (mark.owner().equals(record.owner())) {",
                    "} else if (!mark.owner().isEmpty()) {"),
            bug(
                    "A second process on a home is not refused",
                    "lease/HomeLock.java",
                    ".orElseThrow(() -> InUseException.of(parts.disk(), file));",
                    ".orElse(new Locked(() -> {}, null));"),
            bug(
                    "Nobody looks whether a journal still has its name",
                    "lease/JournalFile.java",
                    "return disk.stamp(path).filter(stamp -> known().is(stamp)).isPresent();",
                    "return true;"),
            bug(
                    "A journal that was shortened counts as whole",
                    "lease/JournalFile.java",
                    "&& size.orElse(stamp.size()).equals(stamp.size())",
                    ""),
            bug(
                    "A promise does not wait for the look at the journal",
                    "lease/JournalWriter.java",
                    "sound = bytes.size() > 0 && !promised || isIntact();",
                    "sound = bytes.size() > 0 || isIntact();"),
            bug(
                    "Nobody looks whether the marks are as written",
                    "lease/HomeMark.java",
                    "            if (!isThere(directory.resolve(name), content)) {",
                    "            if (content == null) {"),
            bug(
                    "A home has one mark",
                    "lease/HomeMark.java",
                    "List.of(\"owner.json\", \"owner-again.json\")",
                    "List.of(\"owner.json\")"),
            bug(
                    "A folder that was deleted is not made again",
                    "lease/JournalFiles.java",
                    "            disk.createDirectories(directory);\n",
                    ""),
            bug(
                    "The names of new folders are not synced",
                    "lease/JournalFiles.java",
                    "            disk.sync(place);\n",
                    ""),
            bug(
                    "Damage ends the reading of a journal",
                    "lease/JournalText.java",
                    "at = next(at + 1);",
                    "at = bytes.length;"),
            bug(
                    "A journal that was damaged once is not read at all",
                    "lease/JournalFiles.java",
                    "            content.records()\n",
                    "            (content.bad().isEmpty() ? content.records() : List.<JournalText.Numbered>of())\n"),
            bug(
                    "A journal is not made smaller",
                    "lease/JournalWriter.java",
                    "if (file == null || file.size() < limit) {",
                    "if (true) {"),
            bug(
                    "Old journals stay",
                    "lease/JournalFiles.java",
                    "                delete(each.file().path());\n",
                    "                old.remove(each.file().path());\n"),
            bug(
                    "A journal of another process is deleted unread",
                    "lease/JournalFiles.java",
                    "boolean same = stamp.filter(file::is).isPresent();",
                    "boolean same = stamp.isPresent();"),
            bug(
                    "What ended is never forgotten",
                    "lease/EndedLeases.java",
                    "                store.forgetEnded(ended.nonce);\n",
                    ""),
            bug(
                    "Another instance identity is no other home",
                    "lease/HomeDifference.java",
                    "differ(home.instance(), its.instance())",
                    "false"),
            new Bug(
                    "Another machine is no other home",
                    List.of(
                            new Change(
                                    "lease/HomeDifference.java",
                                    "home, before.machine() == Steady.YES)",
                                    "home, before.machine() == Steady.NOT_KNOWN)"),
                            new Change(
                                    "lease/HomeDifference.java",
                                    "elsewhere = before.directory() == Steady.NO",
                                    "elsewhere = true"))),
            bug(
                    "Another directory is no other home",
                    "lease/HomeDifference.java",
                    "} else if (before.directory() == Steady.YES) {",
                    "} else if (before.directory() == null) {"),
            bug(
                    "A lock file that was deleted is not locked again",
                    "lease/HomeLock.java",
                    "            boolean same = keyNow().equals(key);",
                    "            boolean same = key != null;"),
            bug(
                    "Two processes do not hear of one another",
                    "lease/HomeLock.java",
                    "            other = new Seen(now, at);\n",
                    ""),
            bug(
                    "A journal that is begun anew leaves out leases that have ended",
                    "lease/KnownLeases.java",
                    "ended.all().stream().map(lease",
                    "ended.all().stream().limit(0).map(lease"),
            bug(
                    "Nobody remembers whose a token was",
                    "lease/TokensTaken.java",
                    "return nonces.computeIfAbsent(new Id(organization, id), i -> nonce);",
                    "return nonce;"),
            bug(
                    "A list whose tokens moved is the whole",
                    "api/ListCall.java",
                    "boolean moved = through && again != null && (!complete || repeated || again.size() != ids.size());",
                    "boolean moved = false;"),
            new Bug(
                    "What a list showed before it failed is thrown away",
                    List.of(new Change(
                            "lease/NonceSearch.java",
                            "        return new Seen(\n                ids,\n                known,\n",
                            "        return new Seen(\n                listed == null ? Map.of() : ids,\n"
                                    + "                listed == null ? Set.of() : known,\n"))),
            bug(
                    "Nobody remembers what was listed before",
                    "lease/Unmarked.java",
                    "firstListed(key, id) < sent.number()",
                    "false"),
            bug(
                    "Nothing known is written when files of others are taken over",
                    "lease/JournalWriter.java",
                    "if (adopted > 0) {",
                    "if (adopted < 0) {"),
            bug(
                    "A change that the disk refused is forgotten",
                    "lease/LeaseBook.java",
                    "return isNew ? done",
                    "return true ? done"),
            bug(
                    "A value gets into its lease",
                    "lease/Minting.java",
                    "l -> l.minted(token.id(), token.end());",
                    "l -> l.minted(token.id(), token.end())\n"
                            + "                .failed(\"minted \" + token.value().reveal(), parts.clock().instant());"));

    /**
     * The files that are not as they were then, with what is in them, by their paths below the package.
     *
     * @throws IllegalStateException if a text is not in its file exactly once
     */
    Map<String, String> planted() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (Change change : changes) {
            String source = sources.get(change.file());
            if (source == null) {
                source = Files.readString(ProjectFiles.MAIN_JAVA.resolve(PACKAGE + change.file()));
            }
            if (source.split(Pattern.quote(change.before()), -1).length != 2) {
                throw new IllegalStateException("not once in " + change.file() + ": " + change.before());
            }
            sources.put(change.file(), source.replace(change.before(), change.after()));
        }
        return sources;
    }

    @Override
    public String toString() {
        return name;
    }

    private static Bug bug(String name, String file, String before, String after) {
        return new Bug(name, List.of(new Change(file, before, after)));
    }
}
