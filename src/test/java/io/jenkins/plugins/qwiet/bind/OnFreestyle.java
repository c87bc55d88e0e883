package io.jenkins.plugins.qwiet.bind;

import hudson.model.FreeStyleBuild;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.harness.OnJenkins;

/** Jobs whose shell writes down what it sees in the variables of a token. */
abstract class OnFreestyle extends OnJenkins {
    static final Shell LOOK = new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen");

    final String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    static QwietAccessTokenBinding binding(String label) {
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel(label);
        return binding;
    }

    static String seen(FreeStyleBuild build) throws Exception {
        return build.getWorkspace().child("seen").readToString();
    }
}
