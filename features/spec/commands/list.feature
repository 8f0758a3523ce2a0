Feature: bdd list
  It shows the scenarios that `bdd run` would run with the same selection. It needs no step program.

  Background:
    Given there is no step program
    And a file "features/shop.feature" with:
      """
      @shop
      Feature: Shop

        Scenario: Browse
          Given a step that nobody has defined

        Scenario Outline: Buy <what>
          Given a step that passes

          Examples:
            | what  |
            | bread |
            | milk  |
      """

  Scenario: As text
    When I run "bdd list"
    Then it exits with 0
    And standard output is:
      """
      Feature: Shop
        features/shop.feature:4  Browse
        features/shop.feature:12  Buy bread [what: bread]
        features/shop.feature:13  Buy milk [what: milk]

      1 feature, 3 scenarios, 3 steps
      """

  Scenario: As JSON
    When I run "bdd list --format json"
    Then it exits with 0
    And standard output contains ""version": 1"
    And standard output contains ""name":"Buy milk""
    And standard output contains ""cells":["milk"]"
    And standard output contains ""tags":["@shop"]"
    And standard output contains ""counts": {"features":1,"scenarios":3,"steps":3}"

  Scenario: With a selection
    When I run "bdd list features/shop.feature:4 --tags @shop --name Browse"
    Then it exits with 0
    And standard output contains "Browse"
    And standard output does not contain "Buy"

  Scenario: Nothing to list
    When I run "bdd list --tags @nothing"
    Then it exits with 4
