Feature: Several reports at once
  `--format NAME[:FILE]` may be given several times: one report for the terminal, others for files.

  Background:
    Given features with these scenarios:
      | file                  | scenario |
      | features/cart.feature | Fill     |

  Scenario: One for people, others for machines
    When I run "bdd run -f pretty -f junit:out/report.xml -f events:out/events.jsonl -f progress:out/log.txt"
    Then it exits with 0
    And standard output contains "Scenario: Fill"
    And the file "out/report.xml" contains "<testcase name="Fill""
    And the file "out/events.jsonl" contains "scenario_finished"
    And the file "out/log.txt" contains "1 scenario passed"

  Scenario: With reports to files only, the terminal still shows the summary
    When I run "bdd run -f junit:report.xml"
    Then it exits with 0
    And the file "report.xml" contains "<testcase name="Fill""

  Scenario: An unknown format
    When I run "bdd run -f prety"
    Then it exits with 2
    And standard error contains "unknown format `prety`; did you mean `pretty`?"

  Scenario: A report that cannot be written stops the run before it begins
    Given an empty file "out"
    When I run "bdd run -f junit:out/report.xml"
    Then it exits with 2
    And standard error contains "out"
    And standard output does not contain "passed"

  Scenario: Two reports cannot share one stream
    When I run "bdd run -f pretty -f progress"
    Then it exits with 2
