Feature: Selecting by name
  `--name` selects the scenarios whose name matches a regular expression. It may match any part.

  Background:
    Given features with these scenarios:
      | file                  | scenario        |
      | features/cart.feature | Put a book in   |
      | features/cart.feature | Take a book out |
      | features/cart.feature | Put a record in |
      | features/till.feature | Pay by card     |

  Scenario Outline: <regex>
    When I run "bdd run -v --name '<regex>'"
    Then it exits with 0
    And exactly these scenarios ran:
      | <first>  |
      | <second> |

    Examples:
      | regex    | first               | second                |
      | book     | cart: Put a book in | cart: Take a book out |
      | ^Put     | cart: Put a book in | cart: Put a record in |
      | in$      | cart: Put a book in | cart: Put a record in |
      | (?i)BOOK | cart: Put a book in | cart: Take a book out |

  Scenario: One of several names is enough
    When I run "bdd run -v --name record --name card"
    Then exactly these scenarios ran:
      | cart: Put a record in |
      | till: Pay by card     |

  Scenario: Names, tags and paths must all match
    When I run "bdd run features/till.feature --name book"
    Then it exits with 4

  Scenario: An invalid pattern
    When I run "bdd run --name '(book'"
    Then it exits with 2
    And standard error contains "(book"
