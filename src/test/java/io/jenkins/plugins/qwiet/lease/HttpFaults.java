package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The faults of {@link io.jenkins.plugins.qwiet.fake.FakeQwiet}, for one kind of call. */
final class HttpFaults {
    /** Of a whole call. A slow answer takes longer. */
    static final Duration CALL_TIMEOUT = Duration.ofMillis(700);

    private static final Duration TOO_SLOW = Duration.ofMillis(1700);

    private HttpFaults() {}

    static List<Fault> all(Operation operation) {
        var faults = new ArrayList<>(passing(operation));
        faults.add(Fault.status(operation, 400, "INVALID", "No.", "label: too long"));
        faults.add(Fault.status(operation, 401, "UNAUTHORIZED", "Who are you?"));
        faults.add(Fault.status(operation, 403, "FORBIDDEN", "You may not."));
        faults.add(Fault.status(operation, 409, "CONFLICT", "There is one."));
        faults.add(Fault.html(operation, 404));
        faults.add(Fault.redirect(operation, 302, "https://login.example/"));
        faults.add(Fault.missingField(operation, "id"));
        faults.add(Fault.missingField(operation, "value"));
        faults.add(Fault.missingField(operation, "response"));
        faults.add(Fault.huge(operation, 2_000_000));
        return faults;
    }

    /** What any service does on a bad day, with no fault of the caller's. */
    static List<Fault> passing(Operation operation) {
        return List.of(
                Fault.cutBefore(operation),
                Fault.cutAfter(operation),
                Fault.cutDuringBody(operation),
                Fault.garbage(operation),
                Fault.truncatedJson(operation),
                Fault.html(operation, 502),
                Fault.status(operation, 500, "INTERNAL", "Something broke."),
                Fault.errorAfter(operation, 500),
                Fault.unavailable(operation, null),
                Fault.unavailable(operation, "0"),
                Fault.tooManyRequests(operation, "0"),
                Fault.slowHeaders(operation, TOO_SLOW),
                Fault.slowBody(operation, TOO_SLOW));
    }
}
