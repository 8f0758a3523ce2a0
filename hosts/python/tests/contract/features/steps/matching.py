from behave import given, matchers, register_type, step, then, use_step_matcher, when
from parse_type import TypeBuilder

register_type(Number=int)
register_type(Answer=TypeBuilder.make_enum({"yes": True, "no": False}))
register_type(Animal=TypeBuilder.make_choice(["cat", "dog"]))


def currency(text):
    return text.upper()


currency.pattern = r"eur|usd"
register_type(Currency=currency)


@given("{count:Number} animals, {animal:Animal}: {answer:Answer}")
def animals(context, count, animal, answer):
    context.seen = (count, animal, answer)


@then("it saw {seen}")
def saw(context, seen):
    assert repr(context.seen) == seen, context.seen


@given("{amount:g} {currency:Currency}")
def amount(context, amount, currency):
    context.seen = (amount, currency)


use_step_matcher("cfparse")


@given("the list {numbers:Number+}")
def numbers(context, numbers):
    context.seen = numbers


@given("perhaps{number:Number?}.")
def perhaps(context, number):
    context.seen = number


@given("any of {animals:Animal*};")
def any_of(context, animals):
    context.seen = animals


use_step_matcher("re")


@when(r"(?P<who>I|we) (?:eat|drink) (?P<count>\d+)(?: and (?P<more>\d+))?")
def eats(context, who, count, more):
    context.seen = (who, count, more)


@when(r"positional (\w+) and (\w+)")
def positional(context, first, second):
    context.seen = (first, second)


class Upper(matchers.ParseMatcher):
    """Ignores case."""

    def check_match(self, text):
        return super().check_match(text.lower())


if hasattr(matchers, "register_step_matcher_class"):
    matchers.register_step_matcher_class("upper", Upper)
else:
    matchers.matcher_mapping["upper"] = Upper
use_step_matcher("upper")


@then("shouted words")
def shouted(context):
    pass


use_step_matcher("parse")
