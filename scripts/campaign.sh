#!/bin/sh
# Long campaigns, which are not part of CI. Each prints how long it took, and fails with its first failed test.
#
#     scripts/campaign.sh plans [NUMBER]      random plans, by default 10000
#     scripts/campaign.sh kills [NUMBER]      runs that are killed at random moments, by default 2000
#     scripts/campaign.sh load [TIMES]        all tests, by default three times, with eight busy loops beside them
#     scripts/campaign.sh projects [MINUTES]  bdd on mutated projects, by default for 20 minutes
set -eu
cd "$(dirname "$0")/.."
campaign=${1:-}
number=${2:-}

usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 2
}

# Sets `loops` to the processes that keep the machine busy, and ends them with this script.
busy() {
    loops=
    for _ in 1 2 3 4 5 6 7 8; do
        sh -c 'while :; do :; done' &
        loops="$loops $!"
    done
    trap 'kill $loops' EXIT
    trap 'exit 130' INT TERM
}

start=$(date +%s)
case $campaign in
plans)
    BDD_TEST_PLANS=${number:-10000} cargo test --test tests -- run::laws::plans::
    ;;
kills)
    BDD_TEST_KILLS=${number:-2000} BDD_TEST_WORKER_KILLS=${number:-2000} \
        cargo test --test tests -- run::faults::killed:: run::killed_workers::
    ;;
load)
    cargo test --workspace --no-run --quiet
    start=$(date +%s)
    busy
    for _ in $(seq "${number:-3}"); do
        cargo test --workspace --quiet
    done
    ;;
projects)
    cargo build --quiet --workspace
    scripts/fuzz_projects.py --seconds $((${number:-20} * 60)) --seed "$start" \
        target/debug/bdd target/debug/steps-examples
    ;;
*) usage ;;
esac
echo "$campaign: $(($(date +%s) - start)) s"
