/**
 * What the token list means: report, rules, verdict. A list streams in, a plain value comes out. Knows {@code api} and
 * {@code lease}, and nothing of Jenkins.
 *
 * <p>{@link io.jenkins.plugins.qwiet.audit.Audit} is the way in; {@link io.jenkins.plugins.qwiet.audit.StoredReport} is
 * how its result is kept; {@link io.jenkins.plugins.qwiet.audit.AuditLog}, {@link
 * io.jenkins.plugins.qwiet.audit.CsvExport} and {@link io.jenkins.plugins.qwiet.audit.RowQuery} are the ways out.
 */
package io.jenkins.plugins.qwiet.audit;
