@mark_feature
Feature: Marked as skipped

  Scenario: first
    Given it fails

  Scenario: without steps
