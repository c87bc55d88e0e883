package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;

/** A step's arguments, tokens in them hidden. */
final class MaskedArguments extends ArgumentsAction {
    private final Map<String, Object> arguments = new LinkedHashMap<>();

    private MaskedArguments(Map<?, ?> arguments) {
        arguments.forEach((name, value) -> this.arguments.put((String) name, value));
    }

    /** Null if there is nothing to hide. */
    @CheckForNull
    static MaskedArguments of(@NonNull ArgumentsAction recorded, @NonNull Mask mask) {
        Map<?, ?> arguments = recorded.getArguments();
        Map<?, ?> hidden = hide(arguments, mask);
        return hidden == arguments ? null : new MaskedArguments(hidden);
    }

    /** The same object if there is nothing to hide in it. */
    private static Object hide(Object value, Mask mask) {
        if (value instanceof Map<?, ?> map) {
            return hide(map, mask);
        } else if (value instanceof List<?> list) {
            return hide(list, mask);
        } else if (value instanceof Object[] array) {
            List<?> list = Arrays.asList(array);
            List<?> hidden = hide(list, mask);
            return hidden == list ? array : hidden.toArray();
        } else if (value instanceof UninstantiatedDescribable described) {
            return hide(described, mask);
        }
        String text = String.valueOf(value);
        return mask.reveals(text) ? mask.hide(text) : value;
    }

    private static Map<?, ?> hide(Map<?, ?> map, Mask mask) {
        var hidden = new LinkedHashMap<Object, Object>();
        map.forEach((key, value) -> hidden.put(hide(key, mask), hide(value, mask)));
        return isSame(map.keySet(), hidden.keySet()) && isSame(map.values(), hidden.values()) ? map : hidden;
    }

    private static List<?> hide(List<?> list, Mask mask) {
        List<Object> hidden = new ArrayList<>();
        list.forEach(value -> hidden.add(hide(value, mask)));
        return isSame(list, hidden) ? list : hidden;
    }

    private static UninstantiatedDescribable hide(UninstantiatedDescribable described, Mask mask) {
        Map<String, ?> arguments = described.getArguments();
        Map<?, ?> hidden = hide(arguments, mask);
        if (hidden == arguments) {
            return described;
        }
        var names = new LinkedHashMap<String, Object>();
        hidden.forEach((name, value) -> names.put((String) name, value));
        return described.withArguments(names);
    }

    private static boolean isSame(Iterable<?> before, Iterable<?> after) {
        var other = after.iterator();
        for (Object each : before) {
            if (!other.hasNext() || other.next() != each) {
                return false;
            }
        }
        return !other.hasNext();
    }

    @NonNull
    @Override
    protected Map<String, Object> getArgumentsInternal() {
        return arguments;
    }
}
