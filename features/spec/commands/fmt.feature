Feature: bdd fmt
  It formats feature files. What they mean stays the same, and so do comments and docstrings.

  Background:
    Given there is no step program
    And a file "features/shop.feature" with:
      """
      Feature: Shop
      Scenario: Buy
      # a comment
      Given these prices:
      |what|price|
      |bread|2|
      """

  Scenario: Format all features
    When I run "bdd fmt"
    Then it exits with 0
    And standard output is:
      """
      features/shop.feature
      """

  Scenario: Check whether everything is formatted
    When I run "bdd fmt --check"
    Then it exits with 1
    And standard error contains "1 of 1 file is not formatted"

  Scenario: Show the differences
    When I run "bdd fmt --diff"
    Then it exits with 1
    And standard output contains "+      | what  | price |"
    And standard output contains "+    # a comment"

  Scenario: A file with a mistake stays as it is
    Given a file "features/bad.feature" with:
      """
      Scenario: without a feature
      """
    When I run "bdd fmt"
    Then it exits with 2
    And standard error contains "error: features/bad.feature:1:1:"
