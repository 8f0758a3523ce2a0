Feature: Messages of failures
  A failure says what happened, why, and where: in the code, and in the feature.

  Scenario Outline: <what> shows its causes
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          When <step>
      """
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      Error: cannot pay
      caused by: the bank is closed
      caused by: it is Sunday
      features/shop.feature:4
      """

    Examples:
      | what                          | step                                      |
      | an error of a type of its own | an error with causes                      |
      | a boxed error                 | a boxed error with causes                 |
      | an error for all threads      | a boxed error with causes for all threads |
      | an error that lends another   | an error that lends its causes            |

  Scenario: A cause is named once
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          When an error that names its cause
      """
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      Error: cannot pay: the bank is closed
      caused by: it is Sunday
      """
    And standard output does not contain "caused by: the bank"

  Scenario: A skip among the causes skips the scenario
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          When an error that is caused by a skip
      """
    When I run "bdd run --format pretty"
    Then it exits with 0
    And standard output contains "caused by: no bank here"
    And standard output contains "1 skipped"

  Scenario: Texts are compared by their lines
    Given a file "features/letters.feature" with:
      ```
      Feature: Letters

        Scenario: Thanks
          Then a step that asserts that a text is:
            """
            Dear Ada,
            thank you for the engines.
            It works.
            Yours
            """
      ```
    When I run "bdd run --format pretty --format junit:report.xml"
    Then it exits with 1
    And standard output has these lines:
      """
      (- left, + right)
      Dear Ada,
      - thank you for the engine.
      + thank you for the engines.
      It works.
      Yours
      - ⏎
      """
    And the file "report.xml" contains "- thank you for the engine."

  Scenario: Structures are compared by their fields
    Given a file "features/engines.feature" with:
      """
      Feature: Engines

        Scenario: Equal
          Then a step that asserts that two engines are equal
      """
    When I run "bdd run --format progress"
    Then it exits with 1
    And standard output has these lines:
      """
      AssertionError: assertion `left == right` failed: the engines
      (- left, + right)
      Engine {
      name: "analytical, \"the {large} one\"",
      -     wheels: [10, 20, 30],
      -     owner: Some("Ada"),
      +     wheels: [10, 21, 30],
      +     owner: None,
      }
      """

  Scenario: Tables are compared by their rows
    Given a file "features/friends.feature" with:
      """
      Feature: Friends

        Scenario: Their ages
          Then the table is that of the friends:
            | age | name    |
            | 37  | Ada     |
            | 41  | Alan    |
            | 28  | Barbara |
      """
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      Error: the tables differ: 1 row changed (`age`), 1 row missing, 1 row surplus
      | age | name    |
      - | 37  | Ada     |
      + | 36  | Ada     |
      | 41  | Alan    |
      - | 28  | Barbara |
      + | 85  | Grace   |
      """
