import logging, sys
from behave import *
@given("a till")
def a(context): context.till = True
@given("{n:d} apples")
@when("{n:d} apples")
def b(context, n): context.n = n
@when('I print "{text}"')
def c(context, text):
    print(text); print("err " + text, file=sys.stderr); logging.getLogger("shop").warning("log %s", text)
@then("there are {n:d} apples")
def d(context, n): assert context.n == n, f"{context.n} ≠ {n}"
@given("a step that raises")
def e(context):
    print("raising")
    try: {}["x"]
    except KeyError as p: raise RuntimeError("böse\nzwei") from p
@given("a pending step")
def f(context):
    try:
        from behave.api.pending_step import PendingStepError
    except ImportError:
        raise NotImplementedError("STEP: pending")
    raise PendingStepError("later")
@step("the scenario skips itself")
def g(context): context.scenario.skip("enough")
@given("a table")
def h(context): assert context.table[0]["name"]
@given("a text")
def i(context): assert context.text
@given("an empty text")
def i2(context): assert context.text == ""
@then('it fails with {rest}')
def j(context, rest): assert False, rest
@given("an attachment")
def k(context):
    if hasattr(context, "attach"): context.attach("text/plain", b"hello")
    context.execute_steps("Given 3 apples\nThen there are 3 apples")
