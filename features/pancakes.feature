@pancakes
Feature: Pancakes
  A step may run other steps, written as in a feature file. They share the scenario's state.

  Scenario: A recipe
    Given dough for pancakes
    Then the bowl weighs 870 g

  Scenario: A recipe in a recipe
    Given pancakes
    When I add 30 g of butter
    Then the bowl weighs 900 g

  Scenario: A recipe in the feature itself
    Given an empty bowl
    When I follow the recipe
      """
      When I add 100 g of sugar
      And I add:
        | cream | 200 |
      """
    Then the bowl weighs 300 g
