Feature: bdd init
  It makes a project that works: a feature, and a crate with its steps.

  Scenario: In an empty directory
    Given an empty directory
    When I run "bdd init --steps-source path=/somewhere/steps"
    Then it exits with 0
    And there is a file "features/steps/Cargo.toml"
    And there is a file "features/steps/src/main.rs"
    And the file "features/steps/Cargo.toml" contains "[workspace]"
    And the file "features/steps/Cargo.toml" contains "bdd-steps"
    And the file "features/steps/Cargo.toml" contains "/somewhere/steps"
    When I run "bdd list"
    Then it exits with 0

  Scenario: In a new directory
    When I run "bdd init shop"
    Then it exits with 0
    And there is a file "shop/features/steps/Cargo.toml"

  Scenario: With the step library from a repository
    When I run "bdd init --steps-source git=https://example.org/bdd.git"
    Then it exits with 0
    And the file "features/steps/Cargo.toml" contains "git = "https://example.org/bdd.git""

  Scenario: Nothing is ever overwritten
    Given a file "features/steps/src/main.rs" with:
      """
      // A day's work.
      """
    When I run "bdd init"
    Then the file "features/steps/src/main.rs" is still:
      """
      // A day's work.
      """
