Feature: Scenario outlines
  An outline is a scenario with placeholders, run once for each row of its examples.

  Scenario: A placeholder may stand in the name, a step, a table and a docstring
    Given a file "features/greeting.feature" with:
      """
      Feature: Greeting

        Scenario Outline: Greet <whom>
          Given a step that prints "hello <whom>"
          And a step that takes a table
            | whom   |
            | <whom> |
          And a step that takes a docstring
            ```<type>
            Dear <whom>,
            ```

          Examples:
            | whom | type     |
            | Ann  | markdown |
      """
    When I run "bdd run --format pretty"
    Then it exits with 0
    And standard output has these lines:
      ```
      Scenario Outline: Greet Ann
      Given a step that prints "hello Ann"
      And a step that takes a table
      | whom |
      | Ann  |
      And a step that takes a docstring
      """markdown
      Dear Ann,
      ```

  Scenario: Several blocks of examples, with names and tags
    Given a file "features/division.feature" with:
      """
      Feature: Division

        Scenario Outline: Divide
          Given I have entered <dividend> into the calculator
          And I have entered <divisor> into the calculator
          When I press divide
          Then the result should be <quotient> on the screen

          @smoke
          Examples: Small
            | dividend | divisor | quotient |
            | 6        | 3       | 2        |
            | 3        | 2       | 1.5      |

          Examples: Large
            | dividend | divisor | quotient |
            | 1000000  | 10      | 100000   |
      """
    When I run "bdd run -v"
    Then it exits with 0
    And exactly these scenarios ran:
      | Division: Divide [dividend: 6, divisor: 3, quotient: 2]             |
      | Division: Divide [dividend: 3, divisor: 2, quotient: 1.5]           |
      | Division: Divide [dividend: 1000000, divisor: 10, quotient: 100000] |
    When I run "bdd run -v --tags @smoke"
    Then exactly these scenarios ran:
      | Division: Divide [dividend: 6, divisor: 3, quotient: 2]   |
      | Division: Divide [dividend: 3, divisor: 2, quotient: 1.5] |

  Scenario: A failing row is named by its own line
    Given a file "features/sums.feature" with:
      """
      Feature: Sums

        Scenario Outline: Equal
          Given a step that asserts that <left> is <right>

          Examples:
            | left | right |
            | 1    | 1     |
            | 1    | 2     |
            | 2    | 2     |
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "features/sums.feature:9  Equal"
    And standard output contains "2 scenarios passed, 1 failed, 0 skipped"

  Scenario: A row that is too short is an error of the file
    Given a file "features/sums.feature" with:
      """
      Feature: Sums

        Scenario Outline: Equal
          Given a step that asserts that <left> is <right>

          Examples:
            | left | right |
            | 1    |
      """
    When I run "bdd run"
    Then it exits with 3
    And standard output contains "features/sums.feature:8:7: inconsistent cell count within the table"
