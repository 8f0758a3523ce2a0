Feature: Selecting by line
  `FILE:LINE` takes what stands in that line: a scenario, a row of examples, or with the line of a
  heading all that it contains. Every report names scenarios in this form, ready to be copied.

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
    When I run "bdd run -v features/shop.feature:<lines>"
    Then it exits with 0
    And standard output contains "<count> passed, 0 failed, 0 skipped"
    And standard output contains "<one>"

    Examples: One scenario
      | what                      | lines | count      | one                    |
      | The heading of a scenario | 3     | 1 scenario | Shop: Browse ... ok    |
      | Any step of a scenario    | 5     | 1 scenario | Shop: Browse ... ok    |
      | The row of an outline     | 13    | 1 scenario | [what: milk] ... ok    |
      | A scenario in a rule      | 22    | 1 scenario | Customers pay: By card |

    Examples: All that a heading contains
      | what                | lines | count       | one                    |
      | The feature         | 1     | 6 scenarios | Shop: Browse ... ok    |
      | An outline          | 7     | 3 scenarios | [what: tea] ... ok     |
      | A block of examples | 10    | 2 scenarios | [what: milk] ... ok    |
      | A rule              | 19    | 2 scenarios | Customers pay: In cash |

    Examples: Several lines
      | what                   | lines | count       | one                 |
      | Lines of two scenarios | 3:17  | 2 scenarios | [what: tea] ... ok  |
      | Lines of one scenario  | 4:5   | 1 scenario  | Shop: Browse ... ok |

  Scenario: A line where nothing is
    When I run "bdd run features/shop.feature:100"
    Then it exits with 2
    And standard error contains "no scenario at features/shop.feature:100; the nearest is features/shop.feature:24  In cash"

  Scenario: A line of a folder makes no sense
    When I run "bdd run features:3"
    Then it exits with 2
    And standard error contains "features:3"
