import logging
import sys

from behave import Given, given, step, then, Then, when

try:
    from behave.api.pending_step import StepNotImplementedError
except ImportError:
    StepNotImplementedError = NotImplementedError


@step("it counts")
@step("it counts once more")
def counts(context):
    context.count = getattr(context, "count", 0) + 1


@then("the count is {count:d}")
def count_is(context, count):
    assert context.count == count, context.count


@step("it fails")
def fails(context):
    assert 1 == 2, "one is not two"


@step("it fails without words")
def fails_silently(context):
    assert False


@step("it errs")
def errs(context):
    {}["missing"]


@step("it errs with {text}")
def errs_with(context, text):
    raise ValueError(text)


@step("it is pending")
def pending(context):
    raise StepNotImplementedError("later")


@step("it is not implemented")
def not_implemented(context):
    raise NotImplementedError("STEP: later")


@step("it skips")
def skips(context):
    context.scenario.skip("not today")


@step("it skips the feature")
def skips_feature(context):
    context.feature.skip("enough of it")


@step("it skips the rule")
def skips_rule(context):
    context.rule.skip("enough of this rule")


@Given("one keyword")
def one_given(context):
    context.keyword = "given"


@when("one keyword")
def one_when(context):
    context.keyword = "when"


@Then('the keyword was "{name}"')
def keyword_was(context, name):
    assert context.keyword == name


@step("the text is")
def text_is(context):
    assert context.text == 'first\n  "second"\n\nlast', repr(context.text)
    assert context.text.content_type == "text/plain"
    assert context.table is None


@step("an empty text")
def text_is_empty(context):
    assert context.text == "" and context.text is not None


@step("no text and no table")
def neither(context):
    assert context.text is None and context.table is None


@step("the table")
def the_table(context):
    rows = [row.as_dict() for row in context.table]
    assert context.table.headings == ["name", "value"]
    assert rows == [{"name": "a|b", "value": ""}, {"name": "c", "value": "two words"}], rows
    assert context.table[1]["name"] == "c" and context.table[1][0] == "c" and context.table[1].get("no", "-") == "-"
    context.table.add_row(["d", "e"])
    context.table.ensure_column_exists("more")
    assert len(context.table.rows) == 3


@step("it prints and logs")
def prints(context):
    print("to stdout")
    print("to stderr", file=sys.stderr)
    logging.getLogger("shop").info("to the log")
    logging.getLogger("shop").debug("not to the log")


@step("it has captured {what}")
def captured(context, what):
    if what == "stdout":
        assert "to stdout" in context.stdout_capture.getvalue()
    elif what == "stderr":
        assert "to stderr" in context.stderr_capture.getvalue()
    else:
        text = context.log_capture.getvalue()
        assert "INFO shop to the log" in text and "not to" not in text, text


@step("it attaches")
def attaches(context):
    context.attach("text/plain", b"hello")
    context.attach("image/png", b"\x89PNG")


@step("userdata has {name} {value}")
def userdata(context, name, value):
    assert context.config.userdata[name] == value, context.config.userdata


@step("the row has {name} {value}")
def row_has(context, name, value):
    assert context.active_outline[name] == value
    assert context.scenario.name.startswith("rows"), context.scenario.name


@step("the level is {level}")
def level_is(context, level):
    assert context.level == level, context.level


@step("it forgets")
def forgets(context):
    context.own = 1
    assert "own" in context
    del context.own
    assert "own" not in context and not hasattr(context, "own")


@step("it cannot forget the feature's")
def cannot_forget(context):
    try:
        del context.feature_level
    except AttributeError:
        return
    assert False, "it did"


@step("it cleans up badly")
def cleans_badly(context):
    def close():
        raise OSError("cannot close")
    context.add_cleanup(close)


@step("it cleans up the feature badly")
def cleans_feature_badly(context):
    def close():
        raise OSError("cannot close the feature")
    context.add_cleanup(close, layer="feature")


@step("the plate is {colour}")
def plate_is(context, colour):
    assert context.plate == colour


@step("there is a cup")
def has_cup(context):
    assert context.cup == "cup"


@step("the tags are {tags}")
def tags_are(context, tags):
    assert sorted(context.tags) == sorted(tags.split()), context.tags


@step("it interrupts itself")
def interrupts(context):
    raise KeyboardInterrupt()


@step("everything ends with {reason}")
def abort(context, reason):
    context.abort(reason=reason)


@step("the größe is {wert} €")
def unicode_step(context, wert):
    assert wert == "größer"


TRIES = []


@step("it works the third time")
def third_time(context):
    TRIES.append(1)
    assert len(TRIES) > 2


@step("the table of {name}")
def table_of(context, name):
    assert context.table[0]["n"] == context.active_outline["n"]
