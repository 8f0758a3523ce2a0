Feature: Files that do not parse
  Mistakes in feature files are found before anything runs, all of them at once. Each is shown
  with its place, the line, and what would be right.

  Background:
    Given a file "features/good.feature" with:
      """
      Feature: Good

        Scenario: Fine
          Given a step that passes
      """
    And a file "features/bad.feature" with:
      """
      Feature: Bad

        Scenario: Misspelt
          Gven a step that passes

        Scenario: Uneven
          Given a step that takes a table
            | a | b |
            | 1 |
      """

  Scenario: Nothing runs
    When I run "bdd run"
    Then it exits with 3
    And standard error contains "features/bad.feature:4:5"
    And standard error contains "Gven a step that passes"
    And standard error contains "did you mean `Given`?"
    And standard error contains "features/bad.feature:9:7"
    And standard error contains "inconsistent cell count within the table"

  Scenario: --keep-going runs the files that parse
    When I run "bdd run -v --keep-going"
    Then it exits with 3
    And exactly these scenarios ran:
      | Good: Fine |
    And standard output contains "1 feature passed, 0 failed, 0 skipped, 1 not parsed"

  Scenario: A file that is no text
    Given a file "features/bad.feature" that is not UTF-8
    When I run "bdd run"
    Then it exits with 3
    And standard error contains "features/bad.feature"
    And standard error contains "UTF-8"
