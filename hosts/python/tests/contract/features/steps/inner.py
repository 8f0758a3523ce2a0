from behave import step


@step("it runs")
def runs(context):
    assert context.execute_steps(context.text)


@step("it runs a table inside and keeps its own")
def runs_table(context):
    own = context.table
    context.execute_steps("""
        Given the table
          | name  | value     |
          | a\\|b | |
          | c     | two words |
    """)
    assert context.table is own and context.table[0]["n"] == "1"


@step("it runs steps that run steps")
def nested(context):
    context.execute_steps(u"""
        Given it runs
            '''
            Given it counts
            When it counts
            '''
        Then it counts
    """)


@step("it expects a failure")
def expects(context):
    try:
        context.execute_steps("Given it fails")
    except AssertionError as problem:
        assert "FAILED SUB-STEP: Given it fails" in str(problem)
    else:
        raise RuntimeError("no failure")


@step("it runs what nobody wrote")
def runs_undefined(context):
    context.execute_steps("Given nobody wrote this")
