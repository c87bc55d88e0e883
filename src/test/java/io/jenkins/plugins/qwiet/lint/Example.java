package io.jenkins.plugins.qwiet.lint;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.file.Path;

/**
 * A block of code in a document.
 *
 * @param file the document
 * @param line the number of its first line there
 * @param language what stands behind the backticks; empty for what Jenkins prints
 * @param text what is in it, with the line end of its last line
 * @param notRun why no test can run it, as a comment before the block says; null if one has to
 */
public record Example(
        Path file,
        int line,
        String language,
        String text,
        @CheckForNull String notRun) {
    public boolean isIn(String wanted) {
        return language.equals(wanted);
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
