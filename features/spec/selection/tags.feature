Feature: Selecting by tags
  A tag expression joins tags with `and`, `or`, `not` and parentheses. A scenario has its own tags
  and those of its rule and feature; a row of an outline has those of its examples too.

  Background:
    Given a file "features/shop.feature" with:
      """
      @shop
      Feature: Shop

        @fast
        Scenario: Browse
          Given a step that passes

        @slow @net
        Scenario: Pay
          Given a step that passes

        Scenario Outline: Greet
          Given a step that passes

          @fast
          Examples: Near
            | whom |
            | Ann  |

          @net
          Examples: Far
            | whom |
            | Bob  |

        @law
        Rule: Taxes

          Example: Declare
            Given a step that passes
      """

  Scenario Outline: <expression>
    When I run "bdd list --tags '<expression>'"
    Then it exits with 0
    And it lists the scenarios in line <lines>

    Examples: One tag
      | expression | lines            |
      | @slow      | 9                |
      | @fast      | 5, 18            |
      | @shop      | 5, 9, 18, 23, 28 |
      | @law       | 28               |

    Examples: Operators
      | expression                    | lines     |
      | not @fast                     | 9, 23, 28 |
      | @net and @slow                | 9         |
      | @slow or @law                 | 9, 28     |
      | @shop and not (@fast or @net) | 28        |

  Scenario: Several expressions must all match
    When I run "bdd run -v --tags @net --tags 'not @slow'"
    Then exactly these scenarios ran:
      | Shop: Greet [whom: Bob] |

  Scenario: Tags that no scenario has
    When I run "bdd run --tags @nowhere"
    Then it exits with 4
    And standard error contains "nothing selected: none of 5 scenarios in 1 feature file matches"

  Scenario Outline: An invalid expression: <expression>
    When I run "bdd run --tags '<expression>'"
    Then it exits with 2
    And standard error contains "<expression>"

    Examples:
      | expression   |
      | @a and       |
      | @a @b        |
      | (@a or @b    |
      | @a and or @b |

  Scenario Outline: A tag with an invalid value is wrong usage: <tag>
    Given features with these scenarios:
      | file                | scenario | tags  |
      | features/at.feature | Alone    | <tag> |
    When I run "bdd run features/at.feature"
    Then it exits with 2
    And standard error contains "<tag>: <why>"

    Examples:
      | tag           | why                     |
      | @timeout(30)  | `30` is not a time      |
      | @retry(often) | `often` is not a number |
      | @group(disk)  | unknown group `disk`    |
