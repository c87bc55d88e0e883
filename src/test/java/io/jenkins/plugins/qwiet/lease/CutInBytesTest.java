package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A text that stands before the mark leaves room for half a nonce in whatever keeps descriptions, whichever its language. */
class CutInBytesTest {
    @ParameterizedTest
    @CsvSource({
        "Scans the shop each night for our team 1, 66",
        "Scans the shop each night for our team 1, 100",
        "Überprüft täglich für alle Küchen, 66",
        "毎晩店舗を検査する, 66",
        "毎晩店舗を検査するためのトークンです担当は開発部の佐藤まで連絡, 100",
        "毎晩店舗を検査するためのトークンです担当は開発部の佐藤まで連絡, 128"
    })
    void halfANonceIsThere(String text, int bytes) {
        String nonce = "6f0efb6892f94d68ff92c0cb2e05bfbd";
        String sent = TokenDescription.describe(text, "https://jenkins.example/job/shop/7/", nonce);
        CharBuffer kept = CharBuffer.allocate(sent.length());
        StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(sent.getBytes(StandardCharsets.UTF_8), 0, bytes), kept, false);
        kept.flip();
        var lease = Lease.intent(nonce, Leases.order("shop#7"), Leases.ORGANIZATION, Leases.NOON);
        assertThat(new Nonces(List.of(lease)).in(kept.toString()))
                .as("%s", kept)
                .contains(nonce);
    }
}
