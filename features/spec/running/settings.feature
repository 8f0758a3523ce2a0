Feature: bdd.toml
  The settings of a project are in `bdd.toml` in its root. Flags win over them.

  Background:
    Given features with these scenarios:
      | file               | scenario | tags  |
      | features/a.feature | Quick    |       |
      | features/a.feature | Lengthy  | @slow |
      | specs/b.feature    | Special  |       |

  Scenario: Where features are, and which of them run
    Given a file "bdd.toml" with:
      """
      features = ["features", "specs"]
      tags = "not @slow"
      """
    When I run "bdd run -v"
    Then it exits with 0
    And exactly these scenarios ran:
      | a: Quick   |
      | b: Special |

  Scenario: A flag wins over the file
    Given a file "bdd.toml" with:
      """
      features = ["specs"]
      tags = "not @slow"
      """
    When I run "bdd run -v --tags @slow features"
    Then exactly these scenarios ran:
      | a: Lengthy |

  Scenario: It is found from a subdirectory, and paths are shown from its folder
    Given an empty file "bdd.toml"
    When I run "bdd run --format pretty" in the folder "features"
    Then it exits with 0
    And standard output contains "# features/a.feature:1"

  Scenario: Another file
    Given a file "ci/bdd.toml" with:
      """
      tags = "@slow"
      """
    When I run "bdd run -v --config ci/bdd.toml features"
    Then exactly these scenarios ran:
      | a: Lengthy |

  Scenario: A profile wins over the top of the file, and a flag over both
    Given a file "bdd.toml" with:
      """
      tags = "not @slow"

      [profile.nightly]
      tags = "@slow"
      """
    When I run "bdd run -v --profile nightly features"
    Then exactly these scenarios ran:
      | a: Lengthy |
    When I run "bdd run -v --profile nightly --tags 'not @slow' features"
    Then exactly these scenarios ran:
      | a: Quick |

  Scenario: Where each setting comes from
    Given a file "bdd.toml" with:
      """
      tags = "not @slow"

      [profile.nightly]
      step-timeout = "30s"
      """
    When I run "bdd config --profile nightly --jobs 2"
    Then it exits with 0
    And standard output has these lines in part:
      """
      profile                      nightly
      not ( @slow )                        bdd.toml:1
      jobs                         2
      [profile.nightly] of bdd.toml:4
      """

  Scenario: A mistake is shown with its place
    Given a file "bdd.toml" with:
      """
      # How this project runs itself.
      feature = ["specs"]
      """
    When I run "bdd run"
    Then it exits with 2
    And standard error is:
      """
      error: bdd.toml:2:1: unknown key `feature`
         |
       2 | feature = ["specs"]
         | ^^^^^^^
      hint: did you mean `features`?
      """
