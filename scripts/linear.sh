#!/bin/sh
# Shows that the parser takes linear time. For each kind of line, prints the factor by which the number of
# instructions grows when the input is eight times as long (at most 8.5). Needs valgrind.
#
# Usage: scripts/linear.sh [LINES]    lines of the smaller input, by default 2000
set -eu
cd "$(dirname "$0")/.."
lines=${1:-2000}
cargo build --release --quiet
bdd=${CARGO_TARGET_DIR:-target}/release/bdd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# document KIND LINES: prints a document with this number of lines of this kind.
document() {
    awk -v kind="$1" -v lines="$2" 'BEGIN {
        print "Feature: linear"
        if (kind == "description")
            for (i = 0; i < lines; i++) print "  words that describe line " i
        if (kind == "scenarios")
            for (i = 0; i < lines / 4; i++)
                print "\n  Scenario: number " i "\n    Given a step\n    Then another one"
        if (kind == "comments") {
            print "  Scenario: comments"
            for (i = 0; i < lines; i++) print "    # comment " i
        }
        if (kind == "blank lines") {
            print "  Scenario: blank lines\n    Given a step"
            for (i = 0; i < lines; i++) print ""
        }
        if (kind == "tags") {
            print "  Scenario: first\n    Given a step"
            for (i = 0; i < lines; i++) print "  @tag" i
            print "  Scenario: tagged\n    Given a step"
        }
        if (kind == "table rows") {
            print "  Scenario: table\n    Given a table"
            for (i = 0; i < lines; i++) print "      | a | b \\| c | " i " |"
        }
        if (kind == "docstring") {
            print "  Scenario: docstring\n    Given a text\n      \"\"\""
            for (i = 0; i < lines; i++) print "      line " i
            print "      \"\"\""
        }
        if (kind == "examples rows") {
            print "  Scenario Outline: <a>\n    Given <a> and <b>\n    Examples:\n      | a | b |"
            for (i = 0; i < lines; i++) print "      | a | " i " |"
        }
    }'
}

# instructions FILE: prints the number of instructions to parse the file and print all its messages.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bdd" parse "$1" 2>&1 >/dev/null |
        awk '/Collected/ { print $4 }'
}

status=0
for kind in scenarios "table rows" "examples rows" docstring description comments tags "blank lines"; do
    document "$kind" "$lines" >"$work/small.feature"
    document "$kind" $((lines * 8)) >"$work/large.feature"
    small=$(instructions "$work/small.feature")
    large=$(instructions "$work/large.feature")
    awk -v kind="$kind" -v small="$small" -v large="$large" 'BEGIN {
        ratio = large / small
        printf "%-14s %11d %12d  %.2f\n", kind, small, large, ratio
        exit ratio > 8.5
    }' || status=1
done
exit $status
