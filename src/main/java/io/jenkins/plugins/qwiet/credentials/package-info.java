/** The credential type "Qwiet service account". Knows how to describe itself in a form, and nothing of HTTP. */
package io.jenkins.plugins.qwiet.credentials;
