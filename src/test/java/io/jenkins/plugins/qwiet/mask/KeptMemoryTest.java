package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log's stream is open for as long as its step or its build runs, and keeps no more than it needs to go on. */
class KeptMemoryTest {
    private static final String TOKEN = Samples.jwt(3);
    private static final String DIGITS =
            HexFormat.of().formatHex(TOKEN.substring(TOKEN.lastIndexOf('.') + 1).getBytes(UTF_8));

    @ParameterizedTest
    @ValueSource(strings = {"\n", "token TOKEN\n", "a line\n", "TOKEN in a long line", "digits DIGITS\n"})
    void keepsNoMoreThanItNeedsAfterALargeWrite(String line) throws Exception {
        Mask mask = Samples.mask(TOKEN);
        var stream = new MaskingOutputStream(OutputStream.nullOutputStream(), () -> mask);
        String text = line.endsWith("\n")
                ? line.replace("TOKEN", TOKEN).replace("DIGITS", DIGITS).repeat(4_000_000 / line.length())
                : line.replace("TOKEN", TOKEN) + "- ".repeat(2_000_000) + "\n";

        stream.write(text.getBytes(UTF_8));

        assertThat(roomIn(stream)).as("bytes in arrays").isLessThan(400_000);
    }

    @Test
    void whatFollowsIsHiddenAsBefore() throws Exception {
        Mask mask = Samples.mask(TOKEN);
        var log = new ByteArrayOutputStream();
        try (var stream = new MaskingOutputStream(log, () -> mask)) {
            stream.write("a line\n".repeat(500_000).getBytes(UTF_8));
            log.reset();
            stream.write(("small " + TOKEN.substring(0, 40)).getBytes(UTF_8));
            stream.write((TOKEN.substring(40) + "\n").getBytes(UTF_8));
        }
        assertThat(log).hasToString("small ****\n");
    }

    private static long roomIn(Object object) throws Exception {
        long bytes = 0;
        for (Field field : object.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            field.setAccessible(true);
            Object value = field.get(object);
            if (value instanceof byte[] || value instanceof int[]) {
                bytes += (long) Array.getLength(value) * (value instanceof int[] ? Integer.BYTES : 1);
            } else if (value instanceof ByteArrayOutputStream out) {
                bytes += room(out);
            } else if (value instanceof Lines || value instanceof HexSearch) {
                bytes += roomIn(value);
            }
        }
        return bytes;
    }

    /** So much is written without another array, which is private to the JDK. */
    private static long room(ByteArrayOutputStream out) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        out.reset();
        byte[] piece = new byte[64 * 1024];
        long room = 0;
        while (true) {
            long before = threads.getThreadAllocatedBytes(id);
            out.writeBytes(piece);
            if (threads.getThreadAllocatedBytes(id) - before > 32 * 1024) {
                return room;
            }
            room += piece.length;
        }
    }

    @Test
    void theTestItselfKnowsHowMuchRoomThereIs() {
        assertThat(room(new ByteArrayOutputStream(1_000_000))).isBetween(900_000L, 1_000_000L);
    }
}
