/** Everything that gives a token to a build: steps, binding, freestyle build step, the build's record of its tokens. */
package io.jenkins.plugins.qwiet.build;
