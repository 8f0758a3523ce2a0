"""All that is behave's. It drives behave 1.2.6 and all later versions of behave 1.

behave runs features by loops over lists: `run_model` over features, a feature over its run items. These lists are fed with
what bdd sends (`feed`, `items`). What behave does is seen at these places only:

- `Runner.run_hook`, which behave calls for each hook, and around each step even if the suite has no such hook (`runner`);
- a formatter, for the results of steps and for attachments (`runner.Tap`);
- `Context._do_cleanups`, whose errors behave otherwise only counts (`runner.Context`);
- the buffers of `behave.capture`, which also write to the real output (`capturing`).
"""
