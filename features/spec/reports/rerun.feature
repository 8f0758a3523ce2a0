Feature: The report "rerun"
  It is a list of the scenarios that failed or did not run, for the next run.

  Background:
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Browse
          Given a step that passes

        Scenario: Pay
          When a step that fails with "no money"

        Scenario Outline: Buy
          When a step that <happens>

          Examples:
            | happens              |
            | passes               |
            | fails with "no bags" |
      """

  Scenario: What failed runs again
    When I run "bdd run -f progress -f rerun:rerun.txt"
    Then it exits with 1
    And the file "rerun.txt" is still:
      """
      # what failed or did not run; bdd run @FILE runs it
      features/shop.feature:6:15
      """
    When I run "bdd run -v @rerun.txt"
    Then it exits with 1
    And exactly these scenarios ran:
      | Shop: Pay                                 |
      | Shop: Buy [happens: fails with "no bags"] |

  Scenario: Everything passed
    When I run "bdd run --name Browse -f progress -f rerun:rerun.txt"
    Then it exits with 0
    When I run "bdd run @rerun.txt"
    Then it exits with 0
    And standard error contains "nothing to run: no entries in @rerun.txt"

  Scenario: A list with the name that Cucumber uses
    When I run "bdd run -f progress -f rerun:@rerun.txt"
    And I run "bdd list @rerun.txt"
    Then it lists the scenarios in line 6, 15
