Feature: The step program
  Steps run in a separate program. bdd finds it by `--steps`, by `[steps]` in bdd.toml, or as the crate
  in `features/steps`.

  Background:
    Given features with these scenarios:
      | file                  | scenario |
      | features/cart.feature | Fill     |

  Rule: It is found in one of three ways

    Scenario: On the command line
      Given the step program is "bin/steps"
      When I run "bdd run --steps bin/steps"
      Then it exits with 0
      And standard output contains "1 scenario passed"

    Scenario Outline: In bdd.toml as <setting>
      Given the step program is "bin/steps"
      And a file "bdd.toml" with:
        """
        [steps]
        <setting>
        """
      When I run "bdd run"
      Then it exits with 0
      And standard output contains "1 scenario passed"

      Examples:
        | setting                 |
        | path = "bin/steps"      |
        | command = ["bin/steps"] |

    Scenario: In none of these ways
      Given there is no step program
      When I run "bdd run"
      Then it exits with 5
      And standard error contains "there is no step program"
      And standard error contains "bdd init"

    Scenario: A step program that does not exist
      When I run "bdd run --steps bin/stepz"
      Then it exits with 5
      And standard error contains "no such step program or crate: bin/stepz"

  Rule: A program that is not a step program is reported at once

    Scenario Outline: It <what>
      Given a program "bin/steps" with:
        """
        #!/bin/sh
        <script>
        """
      When I run "bdd run --steps bin/steps"
      Then it exits with 5
      And standard error contains "<message>"

      Examples:
        | what                       | script         | message            |
        | ends before it says a word | exit 3         | exited with code 3 |
        | prints junk and ends       | echo some junk | some junk          |

    Scenario: It cannot be executed
      Given a file "bin/steps" with:
        """
        not a program
        """
      When I run "bdd run --steps bin/steps"
      Then it exits with 5
      And standard error contains "is not executable"

  Rule: Features are read first

    Scenario: A mistake in a feature file is reported before the step program is looked for
      Given there is no step program
      And a file "features/bad.feature" with:
        """
        Feature: Bad
          Scenario: Worse
            Given a step that passes
            Wen a step that passes
        """
      When I run "bdd run"
      Then it exits with 3
