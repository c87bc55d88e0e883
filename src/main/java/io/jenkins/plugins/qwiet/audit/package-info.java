/**
 * The audit of an organization's tokens: what its list contains, which rules that violates, and how the report is kept
 * and shown. It knows {@code api} and {@code lease}, and nothing of Jenkins.
 *
 * <p>The room {@code report} comes in through {@link io.jenkins.plugins.qwiet.audit.Audit}: it is given the {@link
 * io.jenkins.plugins.qwiet.audit.Rules}, receives the tokens while they arrive, asks {@link
 * io.jenkins.plugins.qwiet.audit.BuildStates} about the builds that created them, and returns an {@link
 * io.jenkins.plugins.qwiet.audit.AuditReport}. To add a rule, start at {@link io.jenkins.plugins.qwiet.audit.Rule},
 * then {@code RuleEvaluation}; its argument is in the room {@code report}: {@code QwietTokenAudit}, {@code RuleArguments}.
 *
 * <p>{@link io.jenkins.plugins.qwiet.audit.StoredReport} keeps a report in a file and reads it back. It is shown by
 * {@link io.jenkins.plugins.qwiet.audit.AuditLog} in the build's log, {@link io.jenkins.plugins.qwiet.audit.RowQuery} on
 * a page, {@link io.jenkins.plugins.qwiet.audit.CsvExport} and {@link io.jenkins.plugins.qwiet.audit.ReportJson} as
 * downloads; {@link io.jenkins.plugins.qwiet.audit.AuditTrend} has the numbers of many. {@link
 * io.jenkins.plugins.qwiet.audit.Timeline} is about one build's tokens, by that build's own record. {@link
 * io.jenkins.plugins.qwiet.audit.TextTable} also serves the room {@code manage}.
 */
package io.jenkins.plugins.qwiet.audit;
