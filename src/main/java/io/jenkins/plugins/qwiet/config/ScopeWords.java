package io.jenkins.plugins.qwiet.config;

import hudson.util.FormValidation;
import java.util.Set;

/** Says in words what a service account may and may not do with CI tokens. */
final class ScopeWords {
    private ScopeWords() {}

    static FormValidation of(Set<String> scopes) {
        boolean create = has(scopes, "create");
        boolean list = has(scopes, "list");
        boolean delete = has(scopes, "delete");
        String words = String.join(
                " ",
                create ? Messages.ScopeWords_create() : Messages.ScopeWords_noCreate(),
                delete ? Messages.ScopeWords_delete() : Messages.ScopeWords_noDelete(),
                list ? Messages.ScopeWords_list() : Messages.ScopeWords_noList());
        if (!create) {
            return FormValidation.error(words);
        }
        return delete && list ? FormValidation.ok(words) : FormValidation.warning(words);
    }

    private static boolean has(Set<String> scopes, String verb) {
        return scopes.contains("tokens:" + verb) || scopes.contains("tokens:*");
    }
}
