/**
 * The audit of a build: which tokens the organization has, which rules they violate, and what that means for the build.
 *
 * <p>A job enters through {@link io.jenkins.plugins.qwiet.report.QwietTokenAudit}, the post-build action and Pipeline
 * step: {@code BuildAudit} does the work, {@code AuditVerdict} gives the build its result. People and programs enter
 * through {@link io.jenkins.plugins.qwiet.report.QwietTokensAction}, the page of a build with its downloads and REST
 * API: {@code ReportAccess} decides who may see what, {@link io.jenkins.plugins.qwiet.report.ReportView} and the views
 * that it holds are what the page shows. {@link io.jenkins.plugins.qwiet.report.AuditTrendAction} shows on a job's page what
 * its audits found, {@link io.jenkins.plugins.qwiet.report.BuildTimelineAction} on a build's page when its tokens lived. What
 * the rules are and how a report is stored is in {@code audit}.
 */
package io.jenkins.plugins.qwiet.report;
