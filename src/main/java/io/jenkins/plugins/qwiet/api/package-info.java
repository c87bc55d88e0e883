/**
 * The Qwiet REST client: requests, answers, errors, time-outs, retries. Knows nothing of Jenkins, of leases or of files.
 *
 * <p>Facts about the API come from Qwiet's published OpenAPI description, version 4.
 */
package io.jenkins.plugins.qwiet.api;
