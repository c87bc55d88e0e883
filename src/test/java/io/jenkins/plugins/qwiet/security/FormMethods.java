package io.jenkins.plugins.qwiet.security;

import hudson.model.Descriptor;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.WebMethod;

/** What of the plugin a browser can call, found by looking at all of its classes, so that no later method is forgotten. */
final class FormMethods {
    private static final String PACKAGE = "io.jenkins.plugins.qwiet";

    private FormMethods() {}

    /** One method of a descriptor. */
    record FormMethod(Descriptor<?> descriptor, Method method) {
        /** Below whatever it is asked about: Jenkins itself, or a job. */
        String path() {
            String name = method.getName().substring("do".length());
            return descriptor.getDescriptorUrl() + "/" + Character.toLowerCase(name.charAt(0)) + name.substring(1);
        }

        boolean begins(String with) {
            return method.getName().startsWith(with);
        }

        /** The same value for each of its parameters. */
        Map<String, String> fields(String value) {
            var fields = new LinkedHashMap<String, String>();
            for (var parameter : method.getParameters()) {
                var named = parameter.getAnnotation(QueryParameter.class);
                if (named != null) {
                    fields.put(named.value().isEmpty() ? parameter.getName() : named.value(), value);
                }
            }
            return fields;
        }

        @Override
        public String toString() {
            return method.getDeclaringClass().getName() + "." + method.getName();
        }
    }

    /** Of all classes of the plugin, whatever they are for. */
    static List<Method> all() throws IOException, URISyntaxException {
        return classes().stream()
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(FormMethods::isCallable)
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    /** Of all descriptors of the plugin that this Jenkins has. */
    static List<FormMethod> ofDescriptors() {
        var found = new ArrayList<FormMethod>();
        for (Descriptor<?> descriptor : Jenkins.get().getExtensionList(Descriptor.class)) {
            if (descriptor.getClass().getName().startsWith(PACKAGE)) {
                Arrays.stream(descriptor.getClass().getMethods())
                        .filter(method -> method.getDeclaringClass().getName().startsWith(PACKAGE))
                        .filter(FormMethods::isCallable)
                        .forEach(method -> found.add(new FormMethod(descriptor, method)));
            }
        }
        found.sort(Comparator.comparing(FormMethod::path));
        return found;
    }

    private static boolean isCallable(Method method) {
        boolean named = method.getName().matches("do[A-Z].*") || method.isAnnotationPresent(WebMethod.class);
        return named && Modifier.isPublic(method.getModifiers()) && !method.isSynthetic();
    }

    private static List<Class<?>> classes() throws IOException, URISyntaxException {
        Path root = Path.of(QwietConfiguration.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var files = Files.walk(root.resolve(PACKAGE.replace('.', '/')))) {
            return files.map(root::relativize)
                    .map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".class"))
                    .<Class<?>>map(file -> load(file.replace(".class", "").replace('/', '.')))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, QwietConfiguration.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
