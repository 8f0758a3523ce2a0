"""The host that runs behave suites for bdd.

bdd plans, selects, schedules and reports; the behave that the user installed runs the steps and hooks. `protocol` speaks
bdd's worker protocol (`docs/protocol.md`) and knows nothing of behave. `suite` drives behave and knows the protocol only
through `protocol`. A host for another Python runner replaces `suite`. `command` is the process of `bdd behave` that prints.

No module of behave's runtime is written again here. behave's own `run` methods are called, and the few places where they
are watched or fed are listed in `suite/__init__.py`.
"""
