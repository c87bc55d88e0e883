package io.jenkins.plugins.qwiet.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.ItemGroup;
import io.jenkins.plugins.qwiet.api.StorableText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The settings of a folder, which apply to the jobs below it. There only if the plugin of folders is installed. Scripts may
 * set any text: the form refuses what is wrong, and so does the build that would use it.
 */
public class QwietFolderProperty extends AbstractFolderProperty<AbstractFolder<?>> {
    private String credentialsId;
    private String orgId;
    private String validFor;
    private String variable;
    private String orgVariable;
    private String apiHostVariable;
    private boolean enforced;

    /** Sets nothing. */
    @DataBoundConstructor
    public QwietFolderProperty() {}

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Blank, as in the other setters, for what is set further up. */
    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = text(credentialsId);
    }

    @CheckForNull
    public String getOrgId() {
        return orgId;
    }

    @DataBoundSetter
    public void setOrgId(@CheckForNull String orgId) {
        this.orgId = text(orgId);
    }

    /** A number of seconds, or a text such as {@code 15m}; null for what is set further up. */
    @CheckForNull
    public Object getValidFor() {
        return new Lifetime(validFor).asArgument();
    }

    /** Any type, since Job DSL refuses what is of another type. */
    @DataBoundSetter
    public void setValidFor(@CheckForNull Object validFor) {
        this.validFor = Lifetime.of(validFor).written();
    }

    @CheckForNull
    public String getVariable() {
        return variable;
    }

    @DataBoundSetter
    public void setVariable(@CheckForNull String name) {
        this.variable = text(name);
    }

    @CheckForNull
    public String getOrgVariable() {
        return orgVariable;
    }

    @DataBoundSetter
    public void setOrgVariable(@CheckForNull String name) {
        this.orgVariable = text(name);
    }

    @CheckForNull
    public String getApiHostVariable() {
        return apiHostVariable;
    }

    @DataBoundSetter
    public void setApiHostVariable(@CheckForNull String name) {
        this.apiHostVariable = text(name);
    }

    public boolean isEnforced() {
        return enforced;
    }

    /** Whether folders and jobs below may have nothing else where this one sets something. */
    @DataBoundSetter
    public void setEnforced(boolean enforced) {
        this.enforced = enforced;
    }

    /** A file that somebody wrote may have blanks where a form has none. */
    protected Object readResolve() {
        credentialsId = text(credentialsId);
        orgId = text(orgId);
        validFor = new Lifetime(validFor).written();
        variable = text(variable);
        orgVariable = text(orgVariable);
        apiHostVariable = text(apiHostVariable);
        return this;
    }

    private static String text(@CheckForNull String typed) {
        return StorableText.ofNullable(Util.fixEmptyAndTrim(typed));
    }

    FolderSettings settings() {
        return new FolderSettings(
                credentialsId,
                orgId,
                validFor == null ? null : new Lifetime(validFor),
                variable,
                orgVariable,
                apiHostVariable,
                enforced);
    }

    /** Of folders that have the property. */
    @Extension(optional = true)
    public static class OfFolders implements FolderSettings.Source {
        @Override
        public FolderSettings of(@NonNull ItemGroup<?> group) {
            var set = group instanceof AbstractFolder<?> folder
                    ? folder.getProperties().get(QwietFolderProperty.class)
                    : null;
            return set == null ? null : set.settings();
        }
    }

    /** The form. */
    @Extension(optional = true)
    @Symbol("qwiet")
    public static class DescriptorImpl extends AbstractFolderPropertyDescriptor implements FolderForm {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.QwietConfiguration_displayName();
        }

        /** None if all of it was left blank. */
        @Override
        public AbstractFolderProperty<?> newInstance(StaplerRequest2 request, @NonNull JSONObject form)
                throws FormException {
            var made = (QwietFolderProperty) super.newInstance(request, Lifetime.without(form));
            made.validFor = Lifetime.in(form).written();
            FolderSettings typed = made.settings();
            Map<String, String> each = new LinkedHashMap<>(typed.problems());
            Item folder = request == null ? null : request.findAncestorObject(Item.class);
            if (folder != null && typed.hasVariable()) {
                EffectiveSettings.of(folder, typed).clashes().forEach(each::putIfAbsent);
            }
            String problems = each.entrySet().stream()
                    .map(one -> Messages.TypedSettings_problem(getDisplayName(), one.getKey(), one.getValue()))
                    .collect(Collectors.joining("\n"));
            if (!problems.isEmpty()) {
                throw new FormException(problems, "qwiet");
            }
            return typed.isBlank() ? null : made;
        }
    }
}
