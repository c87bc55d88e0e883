package io.jenkins.plugins.qwiet.bench;

import java.util.List;

/** Prints the rows that need no Jenkins; those named as arguments, or all. */
public final class Bench {
    static final List<String> ROWS = List.of("mint", "burst", "audit", "leases", "open", "slow", "janitor");

    private Bench() {}

    public static void main(String[] args) throws Exception {
        for (String row : args.length == 0 ? ROWS : List.of(args)) {
            switch (row) {
                case "mint" -> MintBench.row();
                case "burst" -> BurstBench.row();
                case "audit" -> AuditBench.row();
                case "leases" -> LeaseBench.row();
                case "open" -> OpenBench.row();
                case "slow" -> SlowDiskBench.row();
                case "janitor" -> JanitorBench.row();
                default -> throw new IllegalArgumentException("No row " + row + "; there are " + ROWS + ".");
            }
        }
    }
}
