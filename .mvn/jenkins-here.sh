# For ./verify and ./demo: whether Jenkins' own artifacts can be had here.

# Maven reads extensions.xml and maven.config from the directory .mvn below this one, and finds none: a release needs what
# stands in them, a test does not, and closed networks may not have it.
export MAVEN_BASEDIR=$PWD/.mvn

# The parent POM, for people.
parent() {
  awk '/<parent>/ { inside = 1 } inside && /<groupId>|<artifactId>|<version>/ { gsub(/<[^>]*>|[ \t]/, ""); printf "%s%s", separator, $0; separator = ":" } /<\/parent>/ { exit }' pom.xml
}

# The version of Jenkins that is built and tested against.
core() {
  local baseline version
  baseline=$(sed -n 's:.*<jenkins.baseline>\(.*\)</jenkins.baseline>.*:\1:p' pom.xml)
  version=$(sed -n 's:.*<jenkins.version>\(.*\)</jenkins.version>.*:\1:p' pom.xml)
  printf '%s' "${version//'${jenkins.baseline}'/$baseline}"
}

# 0 if the build's parent POM can be resolved, 2 if it cannot. Anything else that may be wrong is left for the build
# itself to fail on: a fallback must never hide a failure. The arguments are Maven's.
jenkins_here() {
  local said
  if said=$(./mvnw -B -ntp -q -N validate "$@" 2>&1); then
    return 0
  fi
  case "$said" in
    *'Non-resolvable parent POM'*) return 2 ;;
  esac
  return 0
}
