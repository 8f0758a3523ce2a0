Feature: Steps from steps

  Scenario: passes
    Given it runs
      """
      Given it counts
      And it counts
      """
    Then the count is 2

  Scenario: fails inside
    Given it runs
      """
      Given it counts
      When it fails
      Then it counts
      """
    Then it counts

  Scenario: errs inside
    Given it runs
      """
      Given it errs
      """

  Scenario: undefined inside
    Given it runs what nobody wrote

  Scenario: three levels
    Given it runs steps that run steps
    Then the count is 3

  Scenario: an expected failure
    Given it expects a failure
    Then it counts

  Scenario: a table inside
    Given it runs a table inside and keeps its own
      | n |
      | 1 |

  Scenario: skips inside
    Given it runs
      """
      Given it skips
      And it counts
      """
    Then it fails

  Scenario: does not parse
    Given it runs
      """
      Surely it counts
      """
