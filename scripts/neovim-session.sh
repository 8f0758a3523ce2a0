#!/usr/bin/env bash
# A session in Neovim without a screen: open a feature, see a diagnostic, complete a step, jump to its Rust function.
#
#     scripts/neovim-session.sh [BDD STEPS]    with these programs; without them, cargo builds both
#
# It shows the screen after each part, and exits with 1 if a part does not come. Needs Neovim 0.7 or newer and tmux.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

for tool in nvim tmux; do
  if ! command -v "$tool" >/dev/null; then
    echo "$tool is missing: install the package of your system (neovim, tmux)" >&2
    exit 1
  fi
done
if [ $# -eq 2 ]; then
  bdd=$(realpath "$1")
  steps=$(realpath "$2")
else
  programs=$(cargo build --manifest-path "$root/Cargo.toml" -p bdd-runner -p steps-examples --bins --message-format json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
  bdd=$(grep '/bdd$' <<<"$programs")
  steps=$(grep -v '/bdd$' <<<"$programs")
fi

folder=$(mktemp -d)
# A server of its own: it ends with the session, and touches no other.
tmux() { command tmux -L "bdd-session-$$" "$@"; }
end() {
  tmux kill-server 2>/dev/null || true
  rm -rf "$folder"
}
trap end EXIT

mkdir "$folder/features"
printf "[steps]\npath = '%s'\n" "$steps" >"$folder/bdd.toml"
cat >"$folder/features/add.feature" <<'FEATURE'
Feature: Add
  Scenario: Two numbers
    Given I have entered 50 into the calculator
    When I pres
    Then the result shuld be 120 on the screen
FEATURE

screen() { tmux capture-pane -p; }
show() {
  echo "== $1"
  screen | sed -e 's/ *$//' -e '/^~$/d' -e '/^$/d'
  echo
}
# Waits until the screen has a text.
wait_for() {
  for _ in $(seq 600); do
    if screen | grep -qF -- "$1"; then
      return
    fi
    sleep 0.1
  done
  echo "it never came: $1" >&2
  show "the screen" >&2
  exit 1
}

tmux new-session -d -x 110 -y 24 -c "$folder" \
  env BDD="$bdd" nvim -u "$root/tests/lsp/neovim.lua" features/add.feature
wait_for 'no step definition matches'
show 'a diagnostic'

tmux send-keys 4GA s C-x C-o
wait_for 'I press value'
show 'the completion of a step'
tmux send-keys C-y Escape
wait_for 'When I press value int times'
tmux send-keys ccWhen Space 'I press add' Escape
wait_for 'When I press add'

tmux send-keys 4G0ww K
wait_for 'steps-examples/src/calculator.rs'
show 'the documentation of a step'
tmux send-keys Escape :w Enter 4G0ww gd
wait_for 'fn press('
show 'the Rust function'
tmux send-keys ":call writefile([expand('%:p'), getline('.')], 'place')" Enter
for _ in $(seq 600); do
  if [ -s "$folder/place" ]; then break; fi
  sleep 0.1
done
grep -q 'steps-examples/src/calculator.rs' "$folder/place"
grep -q '^fn press(' "$folder/place"
echo "the cursor is at:"
tail -1 "$folder/place"
