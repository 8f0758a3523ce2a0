Feature: Morning
  Scenario: Bread
    Given an order for "bread"

  Scenario: Rolls
    Given an order for "rolls"
