#!/usr/bin/env bash
# Builds the extension for VS Code and packages it: editors/vscode/bdd-VERSION.vsix. Needs Node.js, npm and the npm registry.
set -euo pipefail
cd "$(dirname "$0")/../editors/vscode"

for tool in node npm; do
  if ! command -v "$tool" >/dev/null; then
    echo "$tool is missing: install Node.js 20 or newer" >&2
    exit 1
  fi
done

cp ../../LICENSE-MIT ../../LICENSE-APACHE .
trap 'rm -f LICENSE-MIT LICENSE-APACHE' EXIT
npm install --no-audit --no-fund --no-package-lock --ignore-scripts
# Without its installation script, esbuild looks for the package of this system, which npm has installed beside it.
npm run --silent package
ls -1 ./*.vsix
