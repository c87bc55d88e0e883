/**
 * The global settings, what makes a setting valid, and the clients made from settings and a service account.
 *
 * <p>The doors are {@link io.jenkins.plugins.qwiet.config.QwietConfiguration} for the form and for all settings at one
 * moment, {@link io.jenkins.plugins.qwiet.config.SettingRules} for checks, and {@link
 * io.jenkins.plugins.qwiet.config.QwietConnections} for a client: time-outs, proxy and user agent are chosen there.
 */
package io.jenkins.plugins.qwiet.config;
