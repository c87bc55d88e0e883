/**
 * The settings, global and of folders, what makes a setting valid, and the clients made from settings and a service account.
 *
 * <p>The doors are {@link io.jenkins.plugins.qwiet.config.QwietConfiguration} for the form and for all settings at one
 * moment, time-outs among them; {@link io.jenkins.plugins.qwiet.config.EffectiveSettings} for those that apply to a job; {@link io.jenkins.plugins.qwiet.config.SettingRules} for what may be set; and {@link
 * io.jenkins.plugins.qwiet.config.QwietConnections} for a client, to which it adds proxy and user agent.
 */
package io.jenkins.plugins.qwiet.config;
