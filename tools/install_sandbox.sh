#!/bin/sh
# Makes sure that bubblewrap is there: the outer wall around submissions. Installs it where that is possible unasked.
set -eu
command -v bwrap >/dev/null 2>&1 && exit 0
root=""
[ "$(id -u)" = 0 ] || root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $root true 2>/dev/null; then
    echo "installing bubblewrap, the outer wall around submissions"
    $root apt-get update -qq && $root apt-get install -y -qq bubblewrap >/dev/null
fi
command -v bwrap >/dev/null 2>&1 || {
    echo "bubblewrap is missing and could not be installed here. Install it by hand (Debian: apt-get install bubblewrap;" \
         "Fedora: dnf install bubblewrap). Until then grading refuses to run unless it is told --no-sandbox." >&2
    exit 1
}
