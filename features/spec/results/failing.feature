Feature: Failing steps
  A step fails when its function returns an error or panics; a failed assertion panics. The steps after
  it are skipped, and the other scenarios run.

  Scenario: An error is shown under its step
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          Given a step that passes
          When a step that fails with "the card was refused"
          Then a step that passes

        Scenario: Leave
          Given a step that passes
      """
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      Scenario: Pay
      Given a step that passes
      When a step that fails with "the card was refused"
      Error: the card was refused
      Then a step that passes
      Scenario: Leave
      Failing scenarios:
      features/shop.feature:3  Pay
      1 scenario passed, 1 failed, 0 skipped
      2 steps passed, 1 failed, 1 skipped
      """
    And standard output contains "faults.rs"

  Scenario: An assertion shows its values and its line
    Given a file "features/sums.feature" with:
      """
      Feature: Sums

        Scenario: Wrong
          Then a step that asserts that 1 is 2
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output has these lines:
      """
      left: 1
      right: 2
      """
    And standard output contains "steps-examples/src/faults.rs:"

  Scenario Outline: A step fails when <what>
    Given a file "features/fault.feature" with:
      """
      Feature: Fault

        Scenario: Only
          Given <step>
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "<message>"
    And standard output contains "0 scenarios passed, 1 failed, 0 skipped"

    Examples:
      | what                         | step                                       | message           |
      | its function panics          | a step that panics with "this is too much" | this is too much  |
      | a capture is not of its type | a step that takes the number "seven"       | cannot convert    |
      | closing a fixture panics     | a fixture that panics when it is dropped   | the fixture broke |
