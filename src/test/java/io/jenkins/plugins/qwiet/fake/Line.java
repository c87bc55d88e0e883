package io.jenkins.plugins.qwiet.fake;

import java.io.IOException;

/** The way back of one request to a {@link ManInTheMiddle}, by whatever version of HTTP. */
interface Line {
    /** Sends an answer, whole. */
    void send(Answer answer) throws IOException;

    /** Sends half of an answer, and cuts. */
    void sendHalf(Answer answer) throws IOException;

    /** Ends it without an answer, where the other side sees that. */
    void cut() throws IOException;

    /** From now on nothing passes on this connection in either direction, and it stays open. */
    void goSilent();
}
