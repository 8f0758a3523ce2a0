@feature_tag @feature_cleanup
Feature: Results

  Background:
    Given it counts

  Scenario: passes
    When it counts
    Then the count is 2

  Scenario: fails
    Then the count is 7
    And it counts

  Scenario: fails without words
    Then it fails without words

  Scenario: errs
    When it errs
    Then it counts

  Scenario: errs with words
    When it errs with täxt and "quotes" <&>

  Scenario: undefined
    When nobody wrote this
    Then it counts
    And nobody wrote this either

  Scenario: undefined after a failure
    When it fails
    Then nobody wrote this

  Scenario: skips
    When it skips
    Then it fails

  Scenario: not implemented
    When it is not implemented
    Then it counts

  @goes_on
  Scenario: goes on
    When it fails
    Then it counts
    And it errs
    And it counts
    And nobody wrote this
    And it counts

  Scenario: without steps

  @skipped
  Scenario: skipped by a hook
    Then it fails

  @skipped
  Scenario: skipped without steps

  @tag_skips
  Scenario: skipped by its tag
    Then it fails

  @skip_at_step
  Scenario: skipped before a step
    Then it fails

  @skip_after_step
  Scenario: skipped after a step
    Then it fails

  @after_skips
  Scenario: skipped too late
    Then it counts

  Scenario: interrupted text
    Given no text and no table
    * it counts
    * it counts once more
    Then the count is 3
