Feature: The report "pretty"
  It shows every scenario with its steps, for people in front of a terminal.

  Background:
    Given a file "features/shop.feature" with:
      """
      @shop
      Feature: Shop
        What customers do.

        @pay
        Scenario: Pay
          Given a step that takes a table
            | what  | price |
            | bread | 2.50  |
          And a step that takes a docstring
            ```json
            { "paid": true }
            ```
          When a step that fails with "no money"
          Then a step that passes
      """

  Scenario: What it shows
    When I run "bdd run --format pretty"
    Then standard output has these lines:
      """
      @shop
      Feature: Shop  # features/shop.feature:2
      What customers do.
      @pay
      Scenario: Pay
      Given a step that takes a table
      | what  | price |
      | bread | 2.50  |
      And a step that takes a docstring
      { "paid": true }
      When a step that fails with "no money"
      Error: no money
      Then a step that passes
      Failing scenarios:
      features/shop.feature:6  Pay
      0 features passed, 1 failed, 0 skipped
      0 scenarios passed, 1 failed, 0 skipped
      2 steps passed, 1 failed, 1 skipped
      """
    And standard output contains "# features/shop.feature:6"
    And standard output contains "faults.rs"
    And standard output contains "(failed"
    And standard output contains "Took 0m"

  Scenario: Colours only where they are wanted
    When I run "bdd run --format pretty"
    Then standard output does not contain "[31m"
    When I run "bdd run --format pretty --color always"
    Then standard output contains "[31m"
    When I run "bdd run --format pretty --color never"
    Then standard output does not contain "[31m"
