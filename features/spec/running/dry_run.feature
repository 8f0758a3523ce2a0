Feature: Dry run
  `--dry-run` plans the scenarios and matches their steps with the definitions, but runs none. It
  shows what is undefined in seconds.

  Scenario: Nothing is run
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          Given a step that fails with "if it were run"
          And a step that aborts
      """
    When I run "bdd run --dry-run"
    Then it exits with 0
    And standard output contains "Dry run: steps were matched and not run"
    And standard output does not contain "Failing scenarios"

  Scenario Outline: A step that is <what> fails it
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          Given <step>
      """
    When I run "bdd run --dry-run"
    Then it exits with 1
    And standard output contains "1 <what>"
    And standard output contains "<hint>"

    Examples:
      | what      | step                              | hint                         |
      | undefined | nobody has defined this           | Code for the undefined steps |
      | ambiguous | a step that two definitions match | 2 step definitions match     |
