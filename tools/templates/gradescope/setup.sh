#!/usr/bin/env bash
# Prepares the container once, when Gradescope builds it: Python, the outer wall, the kit, the offline models.
set -euo pipefail
BASE=${AUTOGRADER:-/autograder}
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq bubblewrap || echo "bubblewrap cannot be installed; the run will say which walls stand"

newest=""
for python in python3.14 python3.13 python3.12 python3.11 python3; do
    if command -v "$python" >/dev/null && "$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))'; then
        newest=$python
        break
    fi
done
if [ -z "$newest" ]; then
    apt-get install -y -qq python3.11 python3.11-venv
    newest=python3.11
elif ! "$newest" -c 'import ensurepip' 2>/dev/null; then
    apt-get install -y -qq "$newest-venv"
fi

"$newest" -m venv /opt/playground
/opt/playground/bin/python -m pip install --quiet {{ pip_options }} --editable "$BASE/source/kit[grade]"
LM_PLAYGROUND_CACHE=/opt/playground/models /opt/playground/bin/python -c \
    'from grader.offline.cache import models_folder; print("models:", models_folder())'
