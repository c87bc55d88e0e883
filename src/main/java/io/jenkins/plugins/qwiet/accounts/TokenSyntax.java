package io.jenkins.plugins.qwiet.accounts;

import hudson.util.FormValidation;
import io.jenkins.plugins.qwiet.api.Organization;

/** Tells a token from what people paste by mistake. Never quotes it. */
final class TokenSyntax {
    private TokenSyntax() {}

    static FormValidation problem(String token) {
        String trimmed = token.trim();
        if (trimmed.isEmpty()) {
            return FormValidation.error(Messages.TokenSyntax_missing());
        } else if (Organization.isId(trimmed)) {
            return FormValidation.error(Messages.TokenSyntax_uuid());
        } else if (trimmed.startsWith("Bearer ") || trimmed.startsWith("bearer ")) {
            return FormValidation.error(Messages.TokenSyntax_bearer());
        } else if (trimmed.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            // Such a character could not even be sent in a header.
            return FormValidation.error(Messages.TokenSyntax_characters());
        }
        String service = OtherServices.of(trimmed);
        if (service != null) {
            return FormValidation.error(Messages.TokenSyntax_otherService(service));
        } else if (trimmed.length() < 20) {
            return FormValidation.warning(Messages.TokenSyntax_short());
        }
        return FormValidation.ok();
    }
}
