package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answer to a mint is lost; the text is an image's name; something writes slashes otherwise. */
class ImageNamesTest extends BehindABox {
    @ParameterizedTest
    @CsvSource({
        "scan of the shop,&#x2F;",
        "acme/jenkins:7c3a5e9d1b2f4a60,/",
        "acme/jenkins:2.541.3-jdk21,&#x2F;",
        "acme/tools:7c3a5e9d1b2f4a60,&#x2F;",
        "acme/jenkins:7c3a5e9d1b2f4a60,&#x2F;",
        "acme/jenkins-7c3a5e9d1b2f4a60b1,&#47;"
    })
    void theTokenIsRevoked(String text, String slash) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                var token = world.tokens.get(world.make(request.body()));
                token.put("description", token.path("description").asText().replace("/", slash));
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        var order = new MintRequest(
                "label",
                text,
                Duration.ofHours(1),
                Account.ofJenkins("sa"),
                "shop#1",
                "https://jenkins.example/job/shop/1/");
        world.leasing.mint(world.client(), order).join();
        world.buildRuns = false;
        world.pass(Duration.ofMinutes(1));
        world.sweep(60);
        assertThat(world.tokens).as("tokens that live").isEmpty();
    }
}
