Feature: The order of scenarios
  Scenarios should not depend on each other. To find those that do, run them in another order. Reports in
  files still keep the order of the feature files.

  Background:
    Given features with these scenarios:
      | file               | scenario |
      | features/a.feature | One      |
      | features/a.feature | Two      |
      | features/a.feature | Three    |
      | features/b.feature | Four     |
      | features/b.feature | Five     |

  Scenario: The last one first
    When I run "bdd run -v --order reverse"
    Then exactly these scenarios ran:
      | b: Five  |
      | b: Four  |
      | a: Three |
      | a: Two   |
      | a: One   |

  Scenario: A seed gives the same order each time, and the report says which it was
    When I run "bdd run -v --order random:2"
    Then exactly these scenarios ran:
      | b: Four  |
      | b: Five  |
      | a: Three |
      | a: One   |
      | a: Two   |
    And standard output contains "Order: random:2 (repeat with --order random:2)"

  Scenario: Fewer scenarios keep the order of a seed
    When I run "bdd run -v --order random:2 --name One --name Three --name Four"
    Then exactly these scenarios ran:
      | b: Four  |
      | a: Three |
      | a: One   |

  Scenario: Without a seed bdd chooses one and reports it
    When I run "bdd run --order random"
    Then it exits with 0
    And standard output contains "(repeat with --order random:"
