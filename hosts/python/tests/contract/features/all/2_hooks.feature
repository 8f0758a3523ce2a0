Feature: Hooks that fail

  @before_fails
  Scenario: before
    Given it counts

  @before_asserts
  Scenario: before asserts
    Given it counts
    Then nobody wrote this

  @after_fails
  Scenario: after
    Given it counts

  @after_fails
  Scenario: after a failure
    Given it fails

  @before_fails @after_fails
  Scenario: both
    Given it counts

  @tag_fails
  Scenario: before the tag
    Given it counts

  @after_tag_fails
  Scenario: after the tag
    Given it counts

  @step_hook_fails
  Scenario: before the step
    Given it attaches
    When it counts
    Then it attaches

  @after_step_fails
  Scenario: after the step
    Given it attaches
    When it counts
    Then it attaches

  @after_step_fails @goes_on
  Scenario: after the step, and goes on
    When it counts
    Then it attaches

  Scenario: cleanup
    Given it cleans up badly
    Then it counts

  Scenario: cleanup after a failure
    Given it cleans up badly
    Then it fails

  @quiet_cleanup
  Scenario: quiet cleanup
    Given it cleans up badly

  @cleanup_order
  Scenario: order of cleanups
    Given it counts

  Scenario: cleanup of the feature
    Given it cleans up the feature badly
    Then it counts

  Scenario: after all of them
    Given it counts
