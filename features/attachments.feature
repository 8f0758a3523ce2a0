@attachments
Feature: Attachments
  A step may leave evidence in the report: texts, bytes, files, a log and links.

  Scenario: Texts, a log and links
    When I attach this text as application/json:
      """
      {"shown": 42}
      """
    Then I log the screen shows 42
    And I link to https://example.com/screen
    And I link to https://example.com/a and https://example.com/b

  # The report has the result; there is nothing to check here.
  # bdd-lint: ignore missing-then
  Scenario: Bytes and files
    Given a drawing plan.dwg of 100000 bytes
    When I attach the bytes 89504e470d0a1a0a with the name pixel.png
    And I attach the drawing plan.dwg
