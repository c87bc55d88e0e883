package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.GString;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyObject;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.CauseOfInterruption;
import org.codehaus.groovy.runtime.GStringImpl;

/**
 * An error once more, with each text in it masked: of the same class, a script's own too, with all that it keeps. Java writes it and reads
 * it again, which takes no constructor. Only if it keeps nothing but texts, numbers, lists and maps of those, and other errors; and
 * if nothing of a script is called by that: it would run here outside of Pipeline's sandbox.
 */
final class MaskedCopy {
    private static final Logger LOGGER = Logger.getLogger(MaskedCopy.class.getName());

    private static final Set<Class<?>> LISTS = Set.of(
            ArrayList.class,
            LinkedList.class,
            Arrays.asList().getClass(),
            Collections.emptyList().getClass(),
            List.of().getClass(),
            List.of(1).getClass());

    /** What has no text in it. */
    private static final Set<Class<?>> VALUES = Set.of(Date.class, Duration.class, Instant.class, UUID.class);

    private static final Set<Class<?>> MAPS = Set.of(HashMap.class, LinkedHashMap.class);

    /** By these a class has a say in how Java writes and reads it, or hides from here what is going to be written. */
    private static final Set<String> HOOKS = Set.of(
            "writeObject",
            "writeReplace",
            "readObject",
            "readObjectNoData",
            "readResolve",
            "serialPersistentFields",
            "getCause");

    private MaskedCopy() {}

    /** Null if there can be none. It may still show what no text in it shows alone. */
    @CheckForNull
    static Throwable of(@NonNull Throwable failure, @NonNull Mask mask) {
        try {
            if (!new Look(mask).canBeCopied(failure)) {
                return null;
            }
            var bytes = new ByteArrayOutputStream();
            var classes = new ArrayDeque<Class<?>>();
            try (var out = new Masking(bytes, mask, classes)) {
                out.writeObject(failure);
            }
            try (var in = new Reading(new ByteArrayInputStream(bytes.toByteArray()), classes)) {
                return (Throwable) in.readObject();
            }
        } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError | StackOverflowError e) {
            // What e says may have the token in it.
            LOGGER.log(Level.FINE, "Cannot copy an error: {0}", failure.getClass());
            return null;
        }
    }

    /** Whether all that an error keeps is of the kinds that are copied. */
    private static final class Look {
        /** So many numbers or short texts may together be a token; of fewer nobody makes one. */
        private static final int TOO_MANY_PIECES = 16;

        /** A text that is as long is hidden where it is of a token. */
        private static final int SHORT = 16;

        private final Mask mask;
        private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private int pieces;

        Look(Mask mask) {
            this.mask = mask;
        }

        boolean canBeCopied(Object object) throws IllegalAccessException {
            if (object == null || !seen.add(object)) {
                return true;
            }
            Class<?> type = object.getClass();
            if (object instanceof Throwable failure) {
                return canBeCopied(failure.getCause())
                        && areCopied(List.of(failure.getSuppressed()))
                        && fieldsCanBeCopied(failure);
            } else if (object instanceof CauseOfInterruption) {
                return fieldsCanBeCopied(object);
            } else if (object instanceof Object[] array) {
                return areCopied(Arrays.asList(array));
            } else if (LISTS.contains(type)) {
                return areCopied((List<?>) object);
            } else if (MAPS.contains(type)) {
                var map = (Map<?, ?>) object;
                return keepsItsKeys(map.keySet()) && areCopied(map.values());
            } else if (type == GStringImpl.class) {
                return areCopied(Arrays.asList(((GString) object).getValues()));
            }
            return object instanceof String
                    || object instanceof Boolean
                    || object instanceof Character
                    || object instanceof Class<?> named && !(named.getClassLoader() instanceof GroovyClassLoader)
                    || object instanceof Result
                    || object instanceof Number && isOfJava(type) && !isLong(object)
                    || object instanceof Enum
                    || VALUES.contains(type);
        }

        /** Two that are masked to the same text would be one, and an entry lost. */
        private boolean keepsItsKeys(Set<?> keys) {
            return keys.stream().allMatch(String.class::isInstance)
                    && keys.stream()
                                    .map(key -> mask.hide((String) key))
                                    .distinct()
                                    .count()
                            == keys.size();
        }

        /** Not one piece after the other: together they may be a token, which only whole texts show. */
        private boolean areCopied(Collection<?> objects) throws IllegalAccessException {
            for (Object each : objects) {
                if (isCharacter(each) || isPiece(each) && ++pieces >= TOO_MANY_PIECES || !canBeCopied(each)) {
                    return false;
                }
            }
            return true;
        }

        /** Whether there is room for a part of a token in it. */
        private static boolean isLong(Object number) {
            BigInteger digits = number instanceof BigDecimal decimal
                    ? decimal.unscaledValue()
                    : number instanceof BigInteger whole ? whole : BigInteger.ZERO;
            return digits.bitLength() > Long.SIZE;
        }

        private static boolean isCharacter(Object object) {
            return object instanceof Character
                    || object instanceof Byte
                    || object instanceof String text && text.length() == 1;
        }

        private static boolean isPiece(Object object) {
            return object instanceof Number || object instanceof String text && text.length() < SHORT;
        }

        /** Those of Java's base cannot be looked into: they have texts, and other errors as causes. */
        private boolean fieldsCanBeCopied(Object object) throws IllegalAccessException {
            for (Class<?> type = object.getClass(); !isOfJava(type); type = type.getSuperclass()) {
                if (type.getModule().isNamed() || hasScriptsOwnHook(type)) {
                    return false;
                }
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !Modifier.isTransient(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        if (!canBeCopied(field.get(object))) {
                            return false;
                        }
                    }
                }
            }
            return true;
        }
    }

    private static boolean isOfJava(Class<?> type) {
        return type.getModule() == Object.class.getModule();
    }

    private static boolean hasScriptsOwnHook(Class<?> type) {
        if (!GroovyObject.class.isAssignableFrom(type)) {
            return false;
        }
        return Externalizable.class.isAssignableFrom(type)
                || Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredFields()))
                        .map(Member::getName)
                        .anyMatch(HOOKS::contains);
    }

    private static final class Masking extends ObjectOutputStream {
        private final Mask mask;
        private final Queue<Class<?>> classes;

        Masking(OutputStream out, Mask mask, Queue<Class<?>> classes) throws IOException {
            super(out);
            this.mask = mask;
            this.classes = classes;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            return object instanceof String text ? mask.hide(text) : object;
        }

        @Override
        protected void annotateClass(Class<?> type) throws IOException {
            if (hasScriptsOwnHook(type)) {
                throw new InvalidClassException(type.getName());
            }
            classes.add(type);
        }
    }

    /** Those of scripts have class loaders of their own, and names that others may have too. */
    private static final class Reading extends ObjectInputStream {
        private final Queue<Class<?>> classes;

        Reading(InputStream in, Queue<Class<?>> classes) throws IOException {
            super(in);
            this.classes = classes;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) {
            return classes.remove();
        }
    }
}
