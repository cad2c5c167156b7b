#!/bin/sh
# Makes sure that Chromium is there, for the tests that open the pages. Installs it where that is possible unasked; without
# it those tests are skipped, so that a missing browser is no error.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
root=""
[ "$(id -u)" = 0 ] || root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $root true 2>/dev/null; then
    echo "installing Chromium, for the tests that open the pages"
    { $root apt-get update -qq && $root apt-get install -y -qq chromium >/dev/null; } || true
fi
command -v chromium >/dev/null 2>&1 ||
    echo "Chromium is missing and could not be installed here: tests of the pages in a browser will be skipped." >&2
