package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiAddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://app.shiftleft.io/api/v4, https://app.shiftleft.io/api/v4",
        "' https://qwiet.example.com/api/v4// ', https://qwiet.example.com/api/v4",
        "HTTPS://qwiet.example.com:8443/api/v4, https://qwiet.example.com:8443/api/v4",
        "https://Qwiet.Example.COM:443/api/v4, https://qwiet.example.com/api/v4",
        "https://qwiet.example.com:0443/api/v4/, https://qwiet.example.com/api/v4",
        "https://qwiet.example.com/a/../api/./v4, https://qwiet.example.com/api/v4",
        "https://qwiet.example.com/API/v4, https://qwiet.example.com/API/v4",
        "https://qwiet.example.com//api///v4, https://qwiet.example.com/api/v4",
        "https://qwiet.example.com/api/%76%34, https://qwiet.example.com/api/v4",
        "https://qwiet.example.com/%7eme%2d1/%5f%2E5, https://qwiet.example.com/~me-1/_.5",
        "https://qwiet.example.com/a%2fb/%c3%a9, https://qwiet.example.com/a%2Fb/%C3%A9",
        "https://qwiet.example.com//, https://qwiet.example.com",
        "http://LOCALHOST:80/api/v4, http://localhost/api/v4",
        "http://localhost:8080/api/v4, http://localhost:8080/api/v4",
        "http://127.0.0.1:8080, http://127.0.0.1:8080",
        "http://[::1]:8080/, http://[::1]:8080"
    })
    void accepts(String typed, String base) {
        assertThat(ApiAddress.parse(typed))
                .isEqualTo(new ApiAddress(base))
                .isEqualTo(new ApiAddress(typed.trim()))
                .hasToString(base);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.shiftleft.io",
                "/api/v4",
                "ftp://app.shiftleft.io",
                "https://",
                "https:app.shiftleft.io",
                "https://app.shiftleft.io:99999/api",
                "https://not a host/",
                "https://user:password@app.shiftleft.io/api/v4",
                "https://app.shiftleft.io/api/v4?x=y",
                "https://app.shiftleft.io/api/v4#x",
                "http://app.shiftleft.io/api/v4",
                "http://127.0.0.1.example.com/",
                "http://localhost.example.com/",
                "http://localhost@example.com/",
                "http://localhost\\@example.com/",
                "http://10.0.0.1/",
                "http://0.0.0.0/"
            })
    void refuses(String typed) {
        assertThatThrownBy(() -> ApiAddress.parse(typed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("[A-Z].*\\.");
    }

    @Test
    void aRefusalDoesNotRepeatAPassword() {
        assertThatThrownBy(() -> ApiAddress.parse("https://me:hunter2@example.com"))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void knowsItsHost() {
        assertThat(ApiAddress.parse("https://qwiet.example.com:8443/api/v4").host())
                .isEqualTo("qwiet.example.com");
    }

    @Test
    void anOrganizationIsAUuid() {
        assertThat(Organization.isId("66ad5168-41be-4b6c-9ac5-a30b02229c35")).isTrue();
        assertThat(Organization.isId("66ad5168-41be-4b6c-9ac5-a30b02229c35 ")).isFalse();
        assertThat(Organization.isId("66ad5168")).isFalse();
    }

    @Test
    void anOrganizationIsTheSameInEachCase() {
        var address = ApiAddress.parse(ApiAddress.DEFAULT);
        assertThat(new Organization(address, "66AD5168-41BE-4b6c-9ac5-a30b02229c35"))
                .isEqualTo(new Organization(address, "66ad5168-41be-4b6c-9ac5-a30b02229c35"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "..", "acme", "66ad5168-41be-4b6c-9ac5-a30b02229c35/..", "66ad516841be4b6c9ac5a30b02229c35"})
    void nothingElseIsAnOrganization(String id) {
        assertThatThrownBy(() -> new Organization(ApiAddress.parse(ApiAddress.DEFAULT), id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("An organization ID is a UUID, .*\\.");
    }
}
