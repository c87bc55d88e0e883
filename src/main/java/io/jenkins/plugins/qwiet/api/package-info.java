/**
 * The client of Qwiet's REST API: requests, responses, errors, timeouts and retries. It knows nothing of Jenkins, leases or
 * files.
 *
 * <p>The door is {@link io.jenkins.plugins.qwiet.api.QwietClients}. It gives a {@link
 * io.jenkins.plugins.qwiet.api.QwietClient} for one organization and one access token, and each call of that ends in an
 * {@link io.jenkins.plugins.qwiet.api.Outcome}. {@code HttpCalls} sends a request, {@code ResponseReader} and {@code
 * ResponseBodies} read the response, {@code Retries} decides what is sent again. Timeouts
 * and their defaults are in {@link io.jenkins.plugins.qwiet.api.ConnectionSettings}; {@code HttpClientFactory} applies
 * them. Three values serve the other rooms too:
 * {@link io.jenkins.plugins.qwiet.api.SecretText} for what must not be seen, {@link
 * io.jenkins.plugins.qwiet.api.DisplayText} for text that other people wrote, and {@link
 * io.jenkins.plugins.qwiet.api.DisplayTime} for times that people read.
 *
 * <p>Facts about the API come from Qwiet's published OpenAPI description, version 4.
 */
package io.jenkins.plugins.qwiet.api;
