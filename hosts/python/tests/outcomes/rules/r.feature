@shop
Feature: Rules
  Background:
    Given a till
  Scenario: Before rules
    Given 1 apples
  @rule_tag
  Rule: First
    Background: inner
      Given 2 apples
    Scenario: In a rule
      Then there are 2 apples
    @smoke
    Scenario: Fails in a rule
      Then there are 3 apples
  Rule: Second
    @slow
    Scenario: Only slow
      Given 1 apples
