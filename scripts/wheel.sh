#!/usr/bin/env bash
# Builds the wheel of bdd for this machine, and tries it: installs it beside behave in a new virtual environment, checks
# its metadata, and runs a suite.
#
#     scripts/wheel.sh [FOLDER]    FOLDER gets the wheel; default: target/wheels
#
# It needs Python 3.9 or newer with venv, and a registry of Python packages for maturin and behave.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "wheel.sh: $*" >&2
    exit 1
}

folder=$(mkdir -p "${1:-target/wheels}" && cd "${1:-target/wheels}" && pwd)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/build"
"$work/build/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.7,<2'
rm -f "$folder"/bdd_runner-*.whl
"$work/build/bin/maturin" build --release --locked --out "$folder"
wheel=$(ls "$folder"/bdd_runner-*.whl)

python3 -m venv "$work/try"
"$work/try/bin/pip" install --quiet --disable-pip-version-check behave "$wheel"
[ "$("$work/try/bin/bdd" --version)" = "bdd $version" ] || fail "the program has another version than $version"
"$work/try/bin/python" - "$version" <<'CHECK'
import importlib.metadata
import sys

found = importlib.metadata.distribution("bdd-runner")
about = found.metadata
licence = about.get("License-Expression") or about.get("License")
files = {file.name for file in found.files}
assert about["Version"] == sys.argv[1], about["Version"]
assert licence == "MIT OR Apache-2.0", licence
assert {"bdd", "LICENSE-MIT", "LICENSE-APACHE"} <= files, files
assert about["Requires-Python"] == ">=3.9", about["Requires-Python"]
CHECK

# Not activated, and outside of a project: bdd must find the Python beside it.
cd "$work"
"$work/try/bin/bdd" init --python project
cd project
env -u VIRTUAL_ENV "$work/try/bin/bdd" run -f progress -f events:events.jsonl
grep --quiet '"type":"scenario_finished".*"status":"passed"' events.jsonl || fail "no scenario has passed"

# A suite that was there before, without settings of bdd.
mkdir -p "$work/shop/features/steps"
cd "$work/shop"
printf 'Feature: Shop\n  Scenario: Sell\n    Given it is open\n' >features/shop.feature
printf 'from behave import given\n\n@given("it is open")\ndef is_open(context):\n    pass\n' >features/steps/shop.py
env -u VIRTUAL_ENV "$work/try/bin/bdd" run -f progress
echo "built and tried: $wheel"
