package io.jenkins.plugins.qwiet.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The body of a request for a token, read more strictly than Qwiet may do.
 *
 * @param validForSeconds null for ever
 * @param validationErrors empty if all is well
 */
record TokenOrder(String label, String description, Long validForSeconds, List<String> validationErrors) {
    private static final int LONGEST_LABEL = 1000;
    private static final Set<String> FIELDS =
            Set.of("label", "description", "role_id", "token_type", "valid_for_seconds");
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static TokenOrder read(String body) {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return invalid(List.of("body: not JSON"));
        }
        if (!json.isObject()) {
            return invalid(List.of("body: not a JSON object"));
        }
        var errors = new ArrayList<String>();
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                errors.add(name + ": unknown field");
            }
        });
        JsonNode label = json.path("label");
        if (!label.isTextual() || label.asText().isBlank()) {
            errors.add("label: must not be empty");
        } else if (label.asText().length() > LONGEST_LABEL) {
            errors.add("label: must not be longer than " + LONGEST_LABEL + " characters");
        }
        JsonNode description = json.path("description");
        if (!description.isMissingNode() && !description.isTextual()) {
            errors.add("description: must be a string");
        }
        if (!json.path("role_id").asText().equals(FakeOrganization.CI_TOKEN_ROLE)) {
            errors.add("role_id: a service account can give the role CI Token only");
        }
        if (!json.path("token_type").asText().equals("access")) {
            errors.add("token_type: a service account can create access tokens only");
        }
        JsonNode seconds = json.path("valid_for_seconds");
        boolean limited = !seconds.isMissingNode();
        if (limited && !(seconds.isIntegralNumber() && seconds.canConvertToLong() && seconds.asLong() > 0)) {
            errors.add("valid_for_seconds: must be a positive integer");
        }
        return errors.isEmpty()
                ? new TokenOrder(label.asText(), description.asText(), limited ? seconds.asLong() : null, List.of())
                : invalid(errors);
    }

    private static TokenOrder invalid(List<String> errors) {
        return new TokenOrder("", "", null, List.copyOf(errors));
    }
}
