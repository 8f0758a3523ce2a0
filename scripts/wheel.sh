#!/usr/bin/env bash
# Builds the wheel of bdd for this machine, and installs it beside behave in a new virtual environment to try it.
#
#     scripts/wheel.sh [FOLDER]    FOLDER gets the wheel; default: target/wheels
#
# It needs Python 3.9 or newer with venv, and a registry of Python packages for maturin and behave.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mkdir -p "${1:-target/wheels}" && cd "${1:-target/wheels}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/build"
"$work/build/bin/pip" install --quiet 'maturin>=1.7,<2'
rm -f "$folder"/bdd_runner-*.whl
"$work/build/bin/maturin" build --release --locked --out "$folder"
wheel=$(ls "$folder"/bdd_runner-*.whl)

python3 -m venv "$work/try"
"$work/try/bin/pip" install --quiet behave "$wheel"
cd "$work"
"$work/try/bin/bdd" init --python project
cd project
# Not activated: bdd must find the Python beside it.
env -u VIRTUAL_ENV "$work/try/bin/bdd" run -f progress
echo "built and tried: $wheel"
