Feature: bdd parse
  It prints feature files as Cucumber Messages, one JSON object per line, for other tools.

  Background:
    Given a file "shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          Given a step
      """
    And a file "broken.feature" with:
      """
      Feature: Broken

        Scenario: Pay
          Given a step
          Wen a step
      """

  Scenario: Source, document and pickles
    When I run "bdd parse shop.feature"
    Then it exits with 0
    And standard output has these lines in part:
      """
      {"source":
      {"gherkinDocument":
      {"pickle":
      """

  Scenario Outline: <flags>
    When I run "bdd parse <flags> shop.feature"
    Then it exits with 0
    And standard output contains "<kept>"
    And standard output does not contain "<left out>"

    Examples:
      | flags                | kept                | left out            |
      | --no-source          | {"gherkinDocument": | {"source":          |
      | --no-ast             | {"pickle":          | {"gherkinDocument": |
      | --no-pickles         | {"gherkinDocument": | {"pickle":          |
      | --no-source --no-ast | {"pickle":          | {"source":          |

  Scenario: A mistake is a message too
    When I run "bdd parse broken.feature shop.feature"
    Then it exits with 3
    And standard output contains "{"parseError":"
    And standard output contains "{"pickle":"
    And standard error contains "broken.feature:5:5"
