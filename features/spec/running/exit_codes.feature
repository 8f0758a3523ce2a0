Feature: Exit codes
  The exit code alone says how a run ended: for scripts, and so for every CI.

    | code | meaning                                                  |
    | 0    | everything selected ran and passed                       |
    | 1    | a scenario failed, or is undefined, ambiguous or pending |
    | 2    | the command line or bdd.toml is wrong                    |
    | 3    | a feature file does not parse                            |
    | 4    | nothing was selected                                     |
    | 5    | there is no step program that works                      |

  Background:
    Given features with these scenarios:
      | file                  | scenario | tags |
      | features/good.feature | Good     | @all |
    And a file "failing/bad.feature" with:
      """
      @all
      Feature: Bad
        Scenario: Bad
          Given a step that fails with "as it should"
      """
    And a file "broken/broken.feature" with:
      """
      @all
      Feature: Broken
        Scenario: Broken
          Given a step that passes
          Wen a step that passes
      """
    And an empty folder "empty"
    And an empty file "empty.feature"

  Scenario Outline: <code> after: bdd run <arguments>
    When I run "bdd run <arguments>"
    Then it exits with <code>

    Examples: Everything passed
      | arguments            | code |
      |                      | 0    |
      | features --tags @all | 0    |

    Examples: A scenario failed
      | arguments        | code |
      | failing          | 1    |
      | features failing | 1    |

    Examples: Wrong usage
      | arguments        | code |
      | --no-such-option | 2    |
      | nowhere          | 2    |
      | --tags '@a and'  | 2    |
      | --format xhtml   | 2    |
      | --jobs 0         | 2    |

    Examples: A file does not parse
      | arguments                   | code |
      | broken                      | 3    |
      | broken failing --keep-going | 3    |

    Examples: Nothing was selected
      | arguments     | code |
      | empty         | 4    |
      | empty.feature | 4    |
      | --tags @none  | 4    |
      | --name nobody | 4    |

    Examples: Nothing was selected, and that is fine
      | arguments                  | code |
      | empty --allow-empty        | 0    |
      | --tags @none --allow-empty | 0    |

  Scenario: Without a working step program
    Given there is no step program
    When I run "bdd run"
    Then it exits with 5

  Scenario: The most serious of several reasons is given
    When I run "bdd run features failing broken --keep-going"
    Then it exits with 3
