/** Everything that shows tokens to people: the audit after a build, its page, and what Jenkins has open. */
package io.jenkins.plugins.qwiet.report;
