"""Runs behave's own command with the runner of `command.runner`."""
import json
import os
import signal
import sys

from . import flags, replay
from .results import Results
from .runner import make_runner


def main(variable):
    """Run the command that bdd asks for. Returns the exit code."""
    import behave.__main__ as behave_main
    asked = json.loads(variable)
    sys.argv[:] = ["behave", *asked["arguments"]]  # Formatters of the suite may look at the arguments.
    flags.extend()
    results = Results(asked["socket"], asked["folder"])
    run = behave_main.run_behave

    def run_behave(config):
        refusal = flags.refusal(config)
        if refusal:
            print(f"behave: error: {refusal}", file=sys.stderr)
            return 2
        if flags.of_files(config):
            print("warning: `runner` in behave's files has no effect here: bdd runs features by itself", file=sys.stderr)
        if config.dry_run:
            return run(config)  # No step runs, so there is nothing that bdd could do better.
        # Signals for the whole group, such as Ctrl-C or those of `timeout`, are for bdd, which says how the run ends.
        # What formatters start does not inherit a handler.
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(one, lambda *_: None)
        replay.install()
        return run(config, runner_class=make_runner(results))

    behave_main.run_behave = run_behave
    data = [f"-D{name}={value}" for name, value in asked["userdata"].items()]
    code = 1
    try:
        code = flushed(behave_main.main([*data, *asked["arguments"]]))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise
    finally:
        results.leave(code)
    return code


def flushed(code):
    """Write what is left. A reader that has gone is no failure of the run."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return code
