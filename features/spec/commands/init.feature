Feature: bdd init
  It creates a working project: a feature, and a crate with its steps.

  Scenario: In an empty directory
    Given an empty directory
    When I run "bdd init"
    Then it exits with 0
    And standard output has these lines:
      """
      created features/calculator.feature
      created features/steps/Cargo.toml
      created features/steps/src/main.rs
      Next:
      bdd run     build the steps and run the feature
      bdd list    show the scenarios
      """
    And there is a file "features/calculator.feature"
    And there is a file "features/steps/src/main.rs"
    And the file "features/steps/Cargo.toml" has these lines:
      """
      [dependencies]
      # A workspace of its own: it builds wherever the features are.
      [workspace]
      """
    And the file "features/steps/Cargo.toml" contains "bdd-steps = "
    When I run "bdd list"
    Then it exits with 0
    And standard output contains "features/calculator.feature:"

  Scenario: In a new directory
    When I run "bdd init shop"
    Then it exits with 0
    And standard output contains "cd shop"
    And there is a file "shop/features/steps/Cargo.toml"

  Scenario: With the step library from a folder
    Given a file "library/Cargo.toml" with:
      """
      [package]
      name = "bdd-steps"
      """
    When I run "bdd init shop --steps-source path=library"
    Then it exits with 0
    And the file "shop/features/steps/Cargo.toml" contains "bdd-steps = { path = "../../../library" }"

  Scenario: With the step library from a repository
    When I run "bdd init --steps-source git=https://example.org/bdd.git"
    Then it exits with 0
    And the file "features/steps/Cargo.toml" contains "bdd-steps = { git = "https://example.org/bdd.git" }"

  Scenario Outline: An invalid source: <source>
    When I run "bdd init --steps-source <source>"
    Then it exits with 2
    And standard error contains "<message>"
    And there is no file "features/steps/Cargo.toml"

    Examples:
      | source       | message                         |
      | elsewhere    | expected path=FOLDER or git=URL |
      | path=nowhere | no crate bdd-steps in nowhere   |

  Rule: Nothing is ever overwritten

    Scenario: An existing file stops it before it writes anything
      Given a file "features/steps/src/main.rs" with:
        """
        // A day's work.
        """
      When I run "bdd init"
      Then it exits with 2
      And standard error has these lines:
        """
        error: nothing was written: these files exist:
        features/steps/src/main.rs
        hint: `bdd init DIR` makes a new folder
        """
      And the file "features/steps/src/main.rs" is still:
        """
        // A day's work.
        """
      And there is no file "features/calculator.feature"
      And there is no file "features/steps/Cargo.toml"

    Scenario: A second run in the same directory
      When I run "bdd init"
      And I run "bdd init"
      Then it exits with 2
      And standard error contains "features/calculator.feature"
