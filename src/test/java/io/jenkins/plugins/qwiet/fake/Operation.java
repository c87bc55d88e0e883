package io.jenkins.plugins.qwiet.fake;

/** A call of Qwiet's API, as {@link FakeQwiet} knows them. */
public enum Operation {
    CREATE,
    LIST,
    DELETE,
    SCOPES,
    /** Each of them. */
    ANY;

    boolean covers(Operation other) {
        return this == ANY || this == other;
    }
}
