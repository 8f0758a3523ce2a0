"""The command line: behave's own table of flags, and what `bdd behave` adds to it.

behave's parser reads the line. So each version has exactly its flags, with their abbreviations and usage errors.
"""
import argparse
import re
import sys

from behave import configuration

# behave 1.2.6 calls it `options`.
TABLE = getattr(configuration, "OPTIONS", None) or configuration.options

OWN = [
    (("-j", "--jobs", "--parallel"),
     dict(metavar="NUMBER", dest="jobs", type=int, help="Run features in NUMBER workers of bdd (default: 1).")),
    (("--junit-style",),
     dict(metavar="STYLE", dest="junit_style", choices=["behave", "bdd"],
          help="Whose JUnit files --junit writes: behave (default) or bdd.")),
]

# What other versions of behave call a flag.
OTHER_NAMES = {
    "--capture-log": "--logcapture", "--no-capture-log": "--no-logcapture", "--capture-stdout": "--capture",
    "--no-capture-stdout": "--no-capture", "-c": "--no-color", "-C": "--no-color", "-k": "--no-skipped",
    "-m": "--no-multiline", "-s": "--no-source",
}

# Flags of `bdd run`, and of behave's, that this behave does not have.
ELSEWHERE = {
    "--fail-fast": "`bdd behave` has --stop",
    "--expand": "leave it out: rows of outlines are always shown", "-x": "leave it out: rows of outlines are always shown",
}
OF_RUN = [
    "--allow-empty", "--changed", "--debugger", "--durations", "--failed", "--flaky", "--hook-timeout", "--keep-going",
    "--leaks", "--max-failures", "--no-history", "--no-strict", "--order", "--output-limit", "--parallel-by",
    "--pause-on-failure", "--profile", "--retries", "--retry", "--retry-delay", "--retry-tags", "--run-timeout",
    "--scenario-timeout", "--shard", "--slow-after", "--step-timeout", "--steps",
]
DEFAULT_RUNNERS = ("behave.runner:Runner", "default", "help", None)

given = argparse.Namespace()  # What the command line itself says, without files and defaults.


def extend():
    """Add bdd's flags to behave's table."""
    known = {word for fixed, _ in TABLE for word in fixed}
    TABLE.extend(one for one in OWN if not known.intersection(one[0]))
    argparse.ArgumentParser.error = error
    make = configuration.setup_parser

    def setup_parser():
        parser, plain = make(), make()
        parse = parser.parse_args

        def parse_args(arguments=None, namespace=None):
            for action in plain._actions:
                action.default = None
            plain.parse_args(arguments, given)
            return parse(arguments, namespace)

        parser.parse_args = parse_args
        return parser

    configuration.setup_parser = setup_parser


def error(parser, message):
    """End the process as for every usage error, and say what to use instead of an unknown flag."""
    parser.print_usage(sys.stderr)
    hints = [] if "unrecognized" not in message else [hint(word) for word in re.findall(r"(?<!\S)--?[a-zA-Z][\w-]*", message)]
    said = "".join(f"hint: {one}\n" for one in hints if one)
    parser.exit(2, f"{parser.prog}: error: {message}\n{said}")


def hint(word):
    """What to use instead of an unknown flag, if something is known."""
    known = {one for fixed, _ in TABLE for one in fixed}
    if OTHER_NAMES.get(word) in known:
        return f"this version of behave calls it {OTHER_NAMES[word]}"
    if word in ELSEWHERE:
        return ELSEWHERE[word]
    return f"`bdd run` has {word}" if word in OF_RUN else None


def refusal(config):
    """Why bdd cannot do what the command line asks for, with what to use instead; or None."""
    if getattr(given, "runner", None) not in DEFAULT_RUNNERS:
        return "argument -r/--runner: bdd runs features by itself; leave it out, or use `behave` for this runner"
    if getattr(config, "jobs", None) is not None and int(config.jobs) < 0:
        return "argument -j/--jobs: expected a number from 1"
    return None


def of_files(config):
    """Whether behave's files ask for a runner of their own."""
    return getattr(given, "runner", None) is None and getattr(config, "runner", None) not in DEFAULT_RUNNERS


def jobs(config):
    """The number of workers that is asked for, or None. behave's own default does not count."""
    number = getattr(given, "jobs", None) or config.defaults.get("jobs") or getattr(config, "jobs", None)
    return max(int(number), 1) if getattr(given, "jobs", None) is not None or number and int(number) > 1 else None
