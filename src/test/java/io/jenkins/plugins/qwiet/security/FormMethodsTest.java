package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Descriptor;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.security.FormMethods.FormMethod;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/** What a form calls on the way: by POST alone, and with nothing to say to those who may not see the form. */
class FormMethodsTest extends WithQwiet {
    /** No field takes this. */
    private static final String WRONG = "<b>wrong\u0007(</b>";
    /** As {@code FormValidation} prints it if there is nothing to say. */
    private static final String NOTHING = "<div/>";

    @BeforeAll
    static void secure() {
        SecuredJenkins.secure(jenkins);
    }

    private static List<String> contexts() throws IOException {
        return List.of("", jenkins.createFreeStyleProject().getUrl());
    }

    @Test
    void eachMethodSaysByWhichVerbItIsCalled() throws Exception {
        List<Method> all = FormMethods.all();

        assertThat(all)
                .hasSizeGreaterThan(20)
                .allSatisfy(method ->
                        assertThat(verbs(method)).as(method.toString()).isNotEmpty());
    }

    @Test
    void noMethodOfAFormIsCalledByGet() throws Exception {
        assertThat(FormMethods.all())
                .filteredOn(method -> Descriptor.class.isAssignableFrom(method.getDeclaringClass()))
                .isNotEmpty()
                .noneMatch(method -> method.isAnnotationPresent(GET.class));

        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);
        for (String context : contexts()) {
            for (FormMethod method : FormMethods.ofDescriptors()) {
                assertThat(admin.get(context + method.path()).status())
                        .as(context + method.path())
                        .isEqualTo(405);
            }
        }
    }

    @Test
    void aCheckFindsFaultForThoseWhoMayAndIsSilentForOthers() throws Exception {
        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);
        var reader = Visitor.named(jenkins, SecuredJenkins.READER);
        for (String context : contexts()) {
            for (FormMethod method : methods("doCheck")) {
                assertThat(admin.post(context + method.path(), method.fields(WRONG))
                                .body())
                        .as(context + method.path())
                        .contains("<div class=\"error\">")
                        .doesNotContain("<b>");
                assertThat(reader.post(context + method.path(), method.fields(WRONG))
                                .body())
                        .as(context + method.path())
                        .isEqualTo(NOTHING);
            }
        }
    }

    @Test
    void aListOfCredentialsIsForThoseWhoMayChooseOne() throws Exception {
        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);
        var reader = Visitor.named(jenkins, SecuredJenkins.READER);
        for (String context : contexts()) {
            for (FormMethod method : methods("doFillCredentialsId")) {
                assertThat(admin.post(context + method.path(), method.fields(""))
                                .body())
                        .as(context + method.path())
                        .contains("\"value\":\"" + QwietAccount.ID + "\"");
                assertThat(reader.post(context + method.path(), method.fields(""))
                                .body())
                        .as(context + method.path())
                        .doesNotContain("\"" + QwietAccount.ID + "\"");
            }
        }
    }

    @Test
    void aTestAsksQwietForNobodyElse() throws Exception {
        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);
        int calls = qwiet.calls(Operation.ANY);
        for (String context : contexts()) {
            for (FormMethod method : methods("doTest")) {
                for (String user : List.of(SecuredJenkins.READER, SecuredJenkins.DEVELOPER)) {
                    var visitor = Visitor.named(jenkins, user);
                    assertThat(visitor.post(context + method.path(), method.fields(token()))
                                    .status())
                            .as(user + " at " + context + method.path())
                            .isEqualTo(403);
                }
                assertThat(admin.post(context + method.path(), method.fields(WRONG))
                                .body())
                        .as(context + method.path())
                        .doesNotContain("<b>");
            }
        }
        assertThat(qwiet.calls(Operation.ANY)).isEqualTo(calls);
    }

    private String token() {
        return qwiet.organization().serviceAccount();
    }

    private static List<FormMethod> methods(String beginning) {
        List<FormMethod> methods = FormMethods.ofDescriptors().stream()
                .filter(method -> method.begins(beginning))
                .toList();
        assertThat(methods).isNotEmpty();
        return methods;
    }

    private static List<?> verbs(Method method) {
        return Stream.of(RequirePOST.class, POST.class, GET.class)
                .filter(method::isAnnotationPresent)
                .toList();
    }
}
