Feature: Work in progress
  A scenario that is being written has the tag `@wip`. `bdd run --wip` runs only these, with one worker,
  shows their output, and stops at the first failure.

  Background:
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Finished
          Given a step that passes

        @wip
        Scenario: Begun
          Given a step that prints "as it happens"

        @wip
        Scenario: Stuck
          Given a step that fails with "no idea yet"

        @wip
        Scenario: Later
          Given a step that passes
      """

  Scenario: Only scenarios in progress run, up to the first failure
    When I run "bdd run --wip -v --format progress"
    Then it exits with 1
    And standard output has these lines:
      """
      Shop: Begun ... ok
      Shop: Stuck ... FAIL
      Shop: Later ... NOT RUN
      """
    And standard output does not contain "Shop: Finished"
    And standard output contains "1 not run"

  Scenario: The output of a passing step is shown
    When I run "bdd run --wip"
    Then standard output contains "as it happens"

  Scenario: It needs one worker
    When I run "bdd run --wip --jobs 2"
    Then it exits with 2
    And standard error contains "--wip needs one worker"
