"""What behave 1.2.6 does not have."""
import asyncio

import behave.model
from behave import given, step, use_step_matcher

if hasattr(behave.model, "Rule"):
    from behave.api.async_step import async_run_until_complete
    from behave.cucumber_expression import define_parameter_type_with, use_step_matcher_for_cucumber_expressions

    @step("it waits in a coroutine")
    @async_run_until_complete
    async def waits(context):
        await asyncio.sleep(0.001)
        context.waited = True

    @step("it waits and fails")
    @async_run_until_complete
    async def waits_and_fails(context):
        await asyncio.sleep(0.001)
        assert False, "after a while"

    @step("it waits too long")
    @async_run_until_complete(timeout=0.01)
    async def waits_too_long(context):
        await asyncio.sleep(5)

    @step("it has waited")
    def has_waited(context):
        assert context.waited

    use_step_matcher("re0")

    @given(r"^the regular (\w+) of re0$")
    def re0(context, word):
        context.seen = word

    use_step_matcher_for_cucumber_expressions()
    define_parameter_type_with("colour", "red|green", str, lambda text: text.upper())

    @given("{int} cucumber(s) in/at {colour}")
    def cucumbers(context, count, colour):
        context.seen = (count, colour)

    @given("the string {string} and {word} and {float}")
    def strings(context, string, word, number):
        context.seen = (string, word, number)

    use_step_matcher("parse")
