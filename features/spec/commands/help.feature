Feature: Help
  Every command explains itself.

  Scenario: All commands
    When I run "bdd --help"
    Then it exits with 0
    And standard output has these lines in part:
      """
      run
      list
      config
      steps
      docs
      init
      parse
      languages
      Exit codes:
      """

  Scenario Outline: bdd <command> --help
    When I run "bdd <command> --help"
    Then it exits with 0
    And standard output contains "bdd <command>"

    Examples:
      | command   |
      | run       |
      | list      |
      | config    |
      | steps     |
      | docs      |
      | init      |
      | parse     |
      | languages |

  Scenario: Without a command
    When I run "bdd"
    Then it exits with 2
    And standard error contains "Usage: bdd"

  Scenario: An unknown command
    When I run "bdd walk"
    Then it exits with 2
    And standard error contains "walk"
