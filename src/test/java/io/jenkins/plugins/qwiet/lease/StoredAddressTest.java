package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lease is of the place that its address names, however that was written: the client for it is found by the place. */
class StoredAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTPS://APP.shiftleft.io:443/api/v4/",
                "https://app.shiftleft.io:443/api/v4",
                "https://App.ShiftLeft.io/api/v4///",
                "https://app.shiftleft.io/api/x/../v4"
            })
    void isTheSamePlaceHoweverItWasWritten(String written) throws IOException {
        var json = LeaseJson.write(Leases.live(1, "app#1")).put("apiAddress", written);

        Lease lease = LeaseJson.read(json, ApiAddress::parse);

        assertThat(lease.organization().address()).isEqualTo(ApiAddress.parse(ApiAddress.DEFAULT));
        assertThat(LeaseJson.read(LeaseJson.write(lease), ApiAddress::parse).organization())
                .isEqualTo(lease.organization());
    }
}
