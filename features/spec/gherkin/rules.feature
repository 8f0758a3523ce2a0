Feature: Rules
  A rule says in words what its scenarios illustrate.

  Background:
    Given a file "features/lending.feature" with:
      """
      Feature: Lending

        Scenario: Open the doors
          Given a step that passes

        @limit
        Rule: Three books at most

          People ask why: the shelves are small.

          Example: The third
            Given a step that passes

          Example: The fourth
            Given a step that fails with "a fourth was lent"

        Rule: The atlas stays

          Example: Ask for the atlas
            Given a step that passes
      """

  Scenario: Reports show and count rules
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      Feature: Lending
      Scenario: Open the doors
      @limit
      Rule: Three books at most
      People ask why: the shelves are small.
      Example: The third
      Example: The fourth
      Rule: The atlas stays
      Example: Ask for the atlas
      0 features passed, 1 failed, 0 skipped
      1 rule passed, 1 failed, 0 skipped
      3 scenarios passed, 1 failed, 0 skipped
      """

  Scenario: The tags of a rule apply to its scenarios
    When I run "bdd run -v --tags 'not @limit'"
    Then it exits with 0
    And exactly these scenarios ran:
      | Lending: Open the doors                     |
      | Lending: The atlas stays: Ask for the atlas |
