Feature: The report "events"
  It contains everything that happens in a run, one JSON object per line. Programs read it, for example
  to write reports that bdd does not have.

  Background:
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          Given a step that prints "one moment"
          When a step that fails with "no money"
      """

  Scenario: To standard output
    When I run "bdd run --format events"
    Then it exits with 1
    And standard output has these lines in part:
      """
      {"type":"run_started","format":1,
      {"type":"feature_planned",
      {"type":"scenario_started",
      {"type":"step_started",
      {"type":"step_finished",
      {"type":"step_started",
      {"type":"step_finished",
      {"type":"scenario_finished",
      {"type":"run_finished",
      """
    And standard output contains "no money"
    And standard output contains "one moment"
    And standard output does not contain "Failing scenarios"

  Scenario: To a file, together with another report
    When I run "bdd run --format events:events.jsonl --format progress"
    Then it exits with 1
    And the file "events.jsonl" contains ""type":"run_finished""
    And standard output contains "Failing scenarios"
