package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.DistinctIds;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What lists of accounts showed that nobody uses any more is forgotten. */
class WhatListsShowedTest extends BehindABox {
    @Test
    void whatListsShowedOfAccountsThatAreGoneIsForgotten() throws Exception {
        var unmarked = new Unmarked(world.nanos::get);
        var ids = new DistinctIds();
        for (int i = 0; i < 10_000; i++) {
            ids.add("token-" + i);
        }
        for (int account = 0; account < 200; account++) {
            var key = new OrganizationSweep.Key(world.client().organization(), Account.ofJenkins("folder-" + account));
            unmarked.listed(key, ids, true);
            world.pass(java.time.Duration.ofHours(12));
            unmarked.keepOnly(Set.of());
        }
        Field listed = Unmarked.class.getDeclaredField("listed");
        listed.setAccessible(true);
        long bytes = 0;
        for (Object each : ((Map<?, ?>) listed.get(unmarked)).values()) {
            Field hashes = FirstListed.class.getDeclaredField("hashes");
            hashes.setAccessible(true);
            bytes += ((long[]) hashes.get(each)).length * 20L;
        }
        assertThat(bytes)
                .as("bytes, of lists of accounts that have no lease for months")
                .isLessThan(20_000_000);
    }
}
