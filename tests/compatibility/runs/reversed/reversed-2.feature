Feature: Evening
  Scenario Outline: <what>
    Given an order for "<what>"

    Examples:
      | what   |
      | cheese |
      | wine   |
