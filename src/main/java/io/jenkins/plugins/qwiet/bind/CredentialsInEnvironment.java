package io.jenkins.plugins.qwiet.bind;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.pipeline.modeldefinition.model.CredentialsBindingHandler;

/**
 * {@code environment { SHIFTLEFT_ACCESS_TOKEN = credentials('sa') }} of a Declarative Pipeline: a token of the build's own in
 * the variable, as {@code withCredentials} binds it, never the service account's. There only if Declarative is installed.
 */
@Extension(optional = true)
public class CredentialsInEnvironment extends CredentialsBindingHandler<QwietServiceAccount> {
    @NonNull
    @Override
    public Class<? extends StandardCredentials> type() {
        return QwietServiceAccount.class;
    }

    @NonNull
    @Override
    public List<Map<String, Object>> getWithCredentialsParameters(String credentialsId) {
        return List.of(Map.of(
                "$class",
                QwietAccessTokenBinding.class.getName(),
                "credentialsId",
                credentialsId,
                "variable",
                new EnvVarResolver()));
    }
}
