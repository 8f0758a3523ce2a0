Feature: Tables and docstrings
  A step may have a table or a text below it. Neither loses a character on the way to the step.

  Scenario: Both reach the step as they are written
    Given a file "features/arguments.feature" with:
      """
      Feature: Arguments

        Scenario: Escapes in a table
          Given I have entered these numbers into the calculator:
            | 1 |
            | 2 |
          And a document "Notes" with the text:
            ```
              two spaces before
            a | bar, a \ backslash

            and a blank line
            ```
          Then the document "Notes" has 4 lines
          And the document "Notes" reads:
            ```
              two spaces before
            a | bar, a \ backslash

            and a blank line
            ```
          When I search all documents for "bar"
          Then I find:
            | document | line | text                     |
            | Notes    | 2    | a \| bar, a \\ backslash |
      """
    When I run "bdd run"
    Then it exits with 0

  Scenario Outline: A step <what>
    Given a file "features/arguments.feature" with:
      """
      Feature: Arguments

        Scenario: Mistaken
          Given <step>
          <below>
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "<message>"

    Examples:
      | what                             | step                          | below   | message                                                    |
      | that needs a table gets none     | a step that takes a table     |         | the step needs a table below it                            |
      | that needs a text gets none      | a step that takes a docstring |         | the step needs a docstring below it                        |
      | gets a table and does not use it | a step that passes            | \| 1 \| | the step has a table below it, but its function takes none |
