/** The global settings, and the one place that turns settings, credential and build into a client. */
package io.jenkins.plugins.qwiet.config;
