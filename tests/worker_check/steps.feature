Feature: All that the host can do

  Scenario: passes
    Given it passes
    When it takes "a" and "b"
    Then it takes "c"

  Scenario: fails early
    Given it fails
    Then it passes

  Scenario: pending
    Given it is pending
    Then it passes

  Scenario: skips
    Given it skips
    Then it passes

  Scenario: fails once
    Given it passes from attempt 1 on

  Scenario: waits
    Given it waits 100 ms
    Then it passes

  Scenario: attaches
    Given it attaches

  Scenario: runs steps
    Given it runs steps
      """
      Given it passes
      Then it takes "d"
      """

  @unfit
  Scenario: unfit
    Given it passes

  @skipped
  Scenario: skipped
    Given it passes

  @unfit-steps
  Scenario: unfit steps
    Given it passes

  Rule: a rule
    Scenario: in a rule
      Given it passes
