Feature: Selecting by path
  The arguments of `bdd run` are paths: files, folders, globs. Without any, bdd runs the folder
  `features` of the current directory or its nearest parent.

  Background:
    Given features with these scenarios:
      | file                        | scenario |
      | features/cart.feature       | Fill     |
      | features/orders/new.feature | Order    |
      | features/orders/old.feature | Look up  |
      | features/orders/notes.md    | Not me   |
      | drafts/idea.feature         | Dream    |

  Scenario: Without a path the folder "features" is run, in the order of its names
    When I run "bdd run -v"
    Then it exits with 0
    And exactly these scenarios ran:
      | cart: Fill   |
      | new: Order   |
      | old: Look up |

  Scenario: The folder "features" is found from a subdirectory
    When I run "bdd run -v" in the folder "features/orders"
    Then exactly these scenarios ran:
      | cart: Fill   |
      | new: Order   |
      | old: Look up |

  Scenario Outline: A path may be <what>
    When I run "bdd run -v <paths>"
    Then it exits with 0
    And exactly these scenarios ran:
      | <first>  |
      | <second> |

    Examples:
      | what                | paths                                     | first       | second       |
      | a folder            | features/orders                           | new: Order  | old: Look up |
      | two files           | drafts/idea.feature features/cart.feature | idea: Dream | cart: Fill   |
      | a glob for a name   | 'features/orders/*.feature'               | new: Order  | old: Look up |
      | a glob for a folder | 'features/ord*'                           | new: Order  | old: Look up |
      | a glob for depth    | 'features/**/{new,old}.feature'           | new: Order  | old: Look up |

  Scenario: A file that is named twice runs once
    When I run "bdd run -v features/cart.feature features"
    Then exactly these scenarios ran:
      | cart: Fill   |
      | new: Order   |
      | old: Look up |

  Scenario: A path that does not exist ends the run before it begins
    When I run "bdd run features/cart.faeture"
    Then it exits with 2
    And standard error contains "features/cart.faeture"
    And standard error contains "did you mean"
    And standard output is empty

  Scenario: All wrong paths are reported at once
    When I run "bdd run nowhere features elsewhere"
    Then it exits with 2
    And standard error contains "nowhere"
    And standard error contains "elsewhere"

  Scenario: A link to a parent folder is an error, not an endless run
    Given a link "features/orders/again" to ".."
    When I run "bdd run"
    Then it exits with 2
    And standard error contains "features/orders/again"
