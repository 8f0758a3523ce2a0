Feature: Selecting by a list
  `@FILE` stands for the paths in a file, one on each line. A list may be kept in the repository
  ("what we show to customers") or be written by a program.

  Background:
    Given features with these scenarios:
      | file               | scenario |
      | features/a.feature | One      |
      | features/a.feature | Two      |
      | features/b.feature | Three    |
      | features/c.feature | Four     |

  Scenario: Paths, lines and comments
    Given a file "lists/demo.txt" with:
      """
      # What we show to customers.
      features/c.feature

      features/a.feature:6
      """
    When I run "bdd run -v @lists/demo.txt"
    Then it exits with 0
    And exactly these scenarios ran:
      | c: Four |
      | a: Two  |

  Scenario: A list together with other paths
    Given a file "demo.txt" with:
      """
      features/b.feature
      """
    When I run "bdd run -v features/a.feature @demo.txt"
    Then exactly these scenarios ran:
      | a: One   |
      | a: Two   |
      | b: Three |

  Scenario: A wrong line of a list is reported
    Given a file "demo.txt" with:
      """
      features/b.feature
      features/z.txt
      """
    When I run "bdd run @demo.txt"
    Then it exits with 2
    And standard error contains "features/z.txt"
    And standard error contains "demo.txt:2"

  Scenario: An empty list selects nothing, which is not an error
    Given a file "demo.txt" with:
      """
      # Nothing failed last night.
      """
    When I run "bdd run @demo.txt"
    Then it exits with 0
    And standard error contains "nothing to run: no entries in @demo.txt"

  Scenario: A missing list is an error
    When I run "bdd run @demo.txt"
    Then it exits with 2
    And standard error contains "demo.txt"
