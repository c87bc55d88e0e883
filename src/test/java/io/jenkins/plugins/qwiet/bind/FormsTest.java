package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.AbstractProject;
import hudson.model.Describable;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import io.jenkins.plugins.qwiet.config.QwietFolderProperty;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.report.QwietTokenAudit;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebResponse;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;
import org.kohsuke.stapler.DataBoundConstructor;

/** The forms in which people fill in a token's arguments, and what the Snippet Generator makes of them. */
class FormsTest extends OnJenkins {
    enum StepKind {
        REST_OF_BUILD("qwietCiToken %s", () -> new QwietCiTokenStep("a label")),
        BLOCK("withQwietCiToken(%s) {\n    // some block\n}", () -> new WithQwietCiTokenStep("a label"));

        private final String snippet;
        private final Supplier<TokenStep> made;

        StepKind(String snippet, Supplier<TokenStep> made) {
            this.snippet = snippet;
            this.made = made;
        }

        TokenStep filledIn() {
            TokenStep step = made.get();
            step.setDescription("a 'description'");
            step.setCredentialsId("sa");
            step.setOrgId("5f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f");
            step.setVariable("A");
            step.setOrgVariable("B");
            step.setValidFor(120);
            return step;
        }
    }

    /** Shows the form of a step where a test can save it. */
    public static class StepBuilder extends Builder {
        private final Step s;

        @DataBoundConstructor
        public StepBuilder(Step s) {
            this.s = s;
        }

        public Step getS() {
            return s;
        }

        /** Its form is a drop-down of all steps. */
        @TestExtension
        public static class DescriptorImpl extends BuildStepDescriptor<Builder> {
            @Override
            @SuppressWarnings("rawtypes")
            public boolean isApplicable(Class<? extends AbstractProject> jobType) {
                return true;
            }
        }
    }

    @BeforeAll
    static void secure() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ, Item.CONFIGURE, Item.EXTENDED_READ)
                .everywhere()
                .to("developer")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader"));
    }

    private static WebResponse ask(String user, HttpMethod method, String path) throws Exception {
        return Browser.ask(jenkins, user, method, path);
    }

    private static String form(Class<?> described) {
        return "descriptorByName/" + described.getName() + "/";
    }

    @ParameterizedTest
    @EnumSource
    void theFormKeepsEverything(StepKind kind) throws Exception {
        TokenStep step = kind.filledIn();
        FreeStyleProject holder = jenkins.createFreeStyleProject(newName());
        holder.getBuildersList().add(new StepBuilder(step));

        try (var client = Browser.of(jenkins, "admin")) {
            jenkins.submit(client.getPage(holder, "configure").getFormByName("config"));
        }

        jenkins.assertEqualDataBoundBeans(
                step, holder.getBuildersList().get(StepBuilder.class).getS());
    }

    @ParameterizedTest
    @EnumSource
    void theSnippetGeneratorWritesWhatWasFilledInAndLeavesTheRestOut(StepKind kind) {
        TokenStep nothing = kind.made.get();
        nothing.setDescription("");
        nothing.setCredentialsId(" ");

        assertThat(Snippetizer.object2Groovy(kind.filledIn()))
                .isEqualTo(String.format(
                        kind.snippet,
                        "credentialsId: 'sa', description: 'a \\'description\\'', label: 'a label', "
                                + "orgId: '5f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f', orgVariable: 'B', "
                                + "validFor: 120, variable: 'A'"));
        assertThat(Snippetizer.object2Groovy(nothing)).isEqualTo(String.format(kind.snippet, "label: 'a label'"));
    }

    @ParameterizedTest
    @EnumSource
    void whatTheSnippetGeneratorWritesMakesTheSameStep(StepKind kind) throws Exception {
        TokenStep step = kind.filledIn();
        var model = DescribableModel.of(step.getClass());

        Step after =
                (Step) model.instantiate(DescribableModel.uninstantiate2_(step).getArguments(), null);

        jenkins.assertEqualDataBoundBeans(step, after);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                QwietCiTokenStep.class,
                WithQwietCiTokenStep.class,
                QwietAccessTokenBinding.class,
                QwietTokenBuilder.class
            })
    void everyFieldHasHelp(Class<? extends Describable<?>> described) throws Exception {
        assertThat(help(described, null).getContentAsString()).contains("Qwiet CI token");
        for (String field : TokenFields.NAMES) {
            WebResponse help = help(described, field);
            assertThat(help.getStatusCode()).as(field).isEqualTo(200);
            assertThat(help.getContentAsString()).as(field).contains("<div>");
        }
    }

    private static WebResponse help(Class<? extends Describable<?>> described, String field) throws Exception {
        var descriptor = jenkins.jenkins.getDescriptorOrDie(described);
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            String path = client.executeOnServer(() -> descriptor.getHelpFile(field));
            return ask("admin", HttpMethod.GET, path.substring(1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                QwietCiTokenStep.class,
                WithQwietCiTokenStep.class,
                QwietAccessTokenBinding.class,
                QwietTokenBuilder.class
            })
    void saysWhatIsWrongToThoseWhoMayConfigureTheJob(Class<?> described) throws Exception {
        String job = job("").getUrl() + form(described);
        for (String check : List.of(
                "checkOrgId?orgId=acme",
                "checkVariable?variable=A-B",
                "checkOrgVariable?orgVariable=1",
                "checkValidFor?validFor=5")) {
            assertThat(ask("developer", HttpMethod.POST, job + check).getContentAsString())
                    .as(check)
                    .contains("class=\"error\"");
            assertThat(ask("reader", HttpMethod.POST, job + check).getContentAsString())
                    .as(check)
                    .doesNotContain("error");
            assertThat(ask("admin", HttpMethod.GET, job + check).getStatusCode())
                    .as(check)
                    .isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                QwietCiTokenStep.class,
                WithQwietCiTokenStep.class,
                QwietAccessTokenBinding.class,
                QwietTokenBuilder.class
            })
    void saysThatALabelOrDescriptionIsTooLong(Class<?> described) throws Exception {
        String job = job("").getUrl() + form(described);
        assertThat(ask("developer", HttpMethod.POST, job + "checkLabel?label=" + "x".repeat(300))
                        .getContentAsString())
                .contains("The label has 300 characters: expected at most 256");
        assertThat(ask("developer", HttpMethod.POST, job + "checkDescription?description=" + "x".repeat(2001))
                        .getContentAsString())
                .contains("The description has 2001 characters: expected at most 2000");
        assertThat(ask("developer", HttpMethod.POST, job + "checkLabel?label=" + encoded("fine & short"))
                        .getContentAsString())
                .doesNotContain("error");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                QwietCiTokenStep.class,
                WithQwietCiTokenStep.class,
                QwietAccessTokenBinding.class,
                QwietTokenBuilder.class
            })
    void offersTheServiceAccountsThatTheJobMayUse(Class<?> described) throws Exception {
        var folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "of-the-folder", "a-token-of-a-service-account");
        Item inside = folder.createProject(FreeStyleProject.class, "inside");
        Item outside = jenkins.createFreeStyleProject(newName());
        String items = form(described) + "fillCredentialsIdItems";

        assertThat(ask("developer", HttpMethod.POST, inside.getUrl() + items).getContentAsString())
                .contains("\"sa\"", "\"of-the-folder\"")
                .doesNotContain("a-token-of");
        assertThat(ask("developer", HttpMethod.POST, outside.getUrl() + items).getContentAsString())
                .contains("\"sa\"")
                .doesNotContain("of-the-folder");
        assertThat(ask("reader", HttpMethod.POST, inside.getUrl() + items).getContentAsString())
                .doesNotContain("\"sa\"")
                .doesNotContain("of-the-folder");
    }

    /** Whoever has no service account yet can add one on the way. */
    @Test
    void eachDropDownOfServiceAccountsHasItsAddButton() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(new QwietAccessTokenBinding("sa"))));
        job.getBuildersList().add(new QwietTokenBuilder("a label"));
        job.getBuildersList().add(new StepBuilder(new WithQwietCiTokenStep("a label")));
        job.getPublishersList().add(new QwietTokenAudit());
        Folder folder = jenkins.createProject(Folder.class, newName());
        folder.addProperty(new QwietFolderProperty());

        try (var client = Browser.of(jenkins, "admin")) {
            for (HtmlPage page : List.of(
                    client.getPage(job, "configure"),
                    client.getPage(folder, "configure"),
                    client.goTo("manage/configure"))) {
                assertThat(page.querySelectorAll("select[fillurl*='.qwiet.'][fillurl*='fillCredentialsIdItems']"))
                        .as(page.getUrl().toString())
                        .isNotEmpty()
                        .allSatisfy(select -> assertThat(((DomNode) select)
                                        .<DomNode>getByXPath(
                                                "ancestor::div[@class='cr-select-grid']//button[contains(@class,"
                                                        + " 'credentials-add')]"))
                                .isNotEmpty());
            }
        }
    }

    @Test
    void theSnippetGeneratorOffersBothStepsAndTheBinding() throws Exception {
        String page = ask("admin", HttpMethod.GET, job("").getUrl() + "pipeline-syntax/")
                .getContentAsString();

        assertThat(page)
                .contains("qwietCiToken: Create a Qwiet CI token for the rest of the build")
                .contains("withQwietCiToken: Create a Qwiet CI token for a block");
    }
}
