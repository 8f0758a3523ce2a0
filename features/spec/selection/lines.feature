Feature: Selecting by line
  `FILE:LINE` selects the scenario or the row of examples in that line. The line of a heading selects
  everything below it. Every report names scenarios in this form, ready to be copied.

  Background:
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Browse
          Given a step that passes
          And a step that passes

        Scenario Outline: Buy <what>
          Given a step that passes

          Examples: Food
            | what  |
            | bread |
            | milk  |

          Examples: Drink
            | what |
            | tea  |

        Rule: Customers pay

          Example: By card
            Given a step that passes

          Example: In cash
            Given a step that passes
      """

  Scenario Outline: <what>
    When I run "bdd list features/shop.feature:<lines>"
    Then it exits with 0
    And it lists the scenarios in line <scenarios>

    Examples: One scenario
      | what                      | lines | scenarios |
      | The heading of a scenario | 3     | 3         |
      | Any step of a scenario    | 5     | 3         |
      | The row of an outline     | 13    | 13        |
      | A scenario in a rule      | 22    | 21        |

    Examples: Everything below a heading
      | what                | lines | scenarios             |
      | The feature         | 1     | 3, 12, 13, 17, 21, 24 |
      | An outline          | 7     | 12, 13, 17            |
      | A block of examples | 10    | 12, 13                |
      | A rule              | 19    | 21, 24                |

    Examples: Several lines
      | what                   | lines | scenarios |
      | Lines of two scenarios | 3:17  | 3, 17     |
      | Lines of one scenario  | 4:5   | 3         |

  Scenario: `bdd list` shows the same selection
    When I run "bdd run -v features/shop.feature:12:21"
    Then it exits with 0
    And exactly these scenarios ran:
      | Shop: Buy bread [what: bread] |
      | Shop: Customers pay: By card  |

  Scenario: The place of a failing scenario in a report can be run again
    Given a file "features/till.feature" with:
      """
      Feature: Till

        Scenario: Open
          Given a step that passes

        Scenario: Close
          Given a step that fails with "it is stuck"
      """
    When I run "bdd run features/till.feature"
    Then standard output has these lines:
      """
      Failing scenarios:
      features/till.feature:6  Close
      """
    When I run "bdd run -v -f progress features/till.feature:6"
    Then exactly these scenarios ran:
      | Till: Close |

  Scenario: A line without a scenario
    When I run "bdd run features/shop.feature:100"
    Then it exits with 2
    And standard error contains "no scenario at features/shop.feature:100; the nearest is features/shop.feature:24  In cash"

  Scenario: A line of a folder is an error
    When I run "bdd run features:3"
    Then it exits with 2
    And standard error contains "features:3"
