Feature: Files that do not parse
  All mistakes in feature files are reported before anything runs. Each is shown with its place, the
  line, and what to write instead.

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
          Given a step that passes
          Wen a step that passes

        Scenario: Uneven
          Given a step that takes a table
            | a | b |
            | 1 |
      """

  Scenario: Nothing runs
    When I run "bdd run"
    Then it exits with 3
    And standard output has these lines in part:
      """
      features/bad.feature:5:5: this line cannot stand here
       5 |     Wen a step that passes
         |     ^^^
      hint: expected a step; did you mean `When`?
      features/bad.feature:10:7: inconsistent cell count within the table
      10 |       | 1 |
         |       ^^^^^
      hint: this row has 1 cell, the first row of the table (line 9) has 2 cells
      0 scenarios passed, 0 failed, 0 skipped, 1 not run
      """

  Scenario: --keep-going runs the files that parse
    When I run "bdd run -v --keep-going"
    Then it exits with 3
    And exactly these scenarios ran:
      | Good: Fine |
    And standard output contains "1 feature passed, 0 failed, 0 skipped, 1 not parsed"

  Scenario: A binary file
    Given a file "features/bad.feature" that is not UTF-8
    When I run "bdd run"
    Then it exits with 3
    And standard output contains "features/bad.feature:1:13: not UTF-8: unexpected byte 0xe9"

  Scenario: A misspelt keyword below the title is read as a description, with a warning
    Given a file "features/bad.feature" with:
      """
      Feature: Bad

        Scenario: Misspelt
          Gven a step that passes
      """
    When I run "bdd run"
    Then it exits with 0
    And standard output contains "features/bad.feature:3:3: this scenario has no steps: it passes without testing anything"
