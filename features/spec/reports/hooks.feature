Feature: Hooks in reports
  A hook gets a line when it did not pass: its name, its place, and its message. Hooks that passed are
  shown with `-v`.

  Background:
    Given a file "features/house.feature" with:
      """
      Feature: House

        @door_is_locked
        Scenario: Come in
          Given a step that passes

        @door_is_stuck
        Scenario: Go out
          Given a step that passes

        @camera_is_broken
        Scenario: Be seen
          Given a step that passes

        @sunday
        Scenario: Visit
          Given a step that passes
      """

  Scenario: A hook is shown where it ran
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      Scenario: Come in
      before_scenario hook `open the door`
      Error: no key
      Given a step that passes
      ---- captured output ----
      rattling at the door
      Scenario: Go out
      Given a step that passes
      after_scenario hook `lock_the_door`
      Error: the door does not close
      Scenario: Be seen
      Given a step that passes
      after_step hook `take_a_picture`
      Error: no film
      Scenario: Visit
      before_scenario hook `close_on_sundays`
      closed on Sundays
      Given a step that passes
      0 scenarios passed, 3 failed, 1 skipped
      """
    And standard output contains "hooks.rs:"
    And standard output does not contain "hook `open_the_door`"

  Scenario: Hooks that passed are shown with -v
    Given a file "features/house.feature" with:
      """
      Feature: House

        @night
        Scenario: Come in
          Given a step that passes
      """
    When I run "bdd run --format pretty"
    Then it exits with 0
    And standard output does not contain "hook"
    When I run "bdd run --format pretty -v"
    Then standard output contains "before_scenario hook `switch_on_the_light`"

  Scenario: A failing hook fails its scenario
    When I run "bdd run --format junit:report.xml"
    Then the file "report.xml" contains "<testsuites name="bdd" tests="4" failures="3" errors="0""
    And the file "report.xml" contains "<failure message="before_scenario hook `open the door`: Error: no key""
    And the file "report.xml" contains "<failure message="after_scenario hook `lock_the_door`: Error: the door does not close""
    And the file "report.xml" contains "after_step hook `take_a_picture` ... failed"
    And the file "report.xml" contains "<skipped>closed on Sundays</skipped>"

  Scenario: A feature that a hook skips
    Given a file "features/house.feature" with:
      """
      @holiday
      Feature: House

        Scenario: Visit
          Given a step that passes
      """
    When I run "bdd run --format pretty --format junit:report.xml"
    Then it exits with 0
    And standard output has these lines:
      """
      Scenario: Visit
      skipped: closed until September
      Given a step that passes
      0 scenarios passed, 0 failed, 1 skipped
      """
    And the file "report.xml" contains "<skipped>closed until September</skipped>"

  Scenario: A hook outside scenarios that fails is an error of the run, with what it printed
    Given a file "features/house.feature" with:
      """
      @house_is_gone @heating_is_on
      Feature: House

        Scenario: Visit
          Given a step that passes
      """
    When I run "bdd run --format pretty --format junit:report.xml"
    Then it exits with 1
    And standard output has these lines in part:
      """
      1 scenario not run: the before_feature hook `find_the_house`
      Errors of the run:
      the before_feature hook `find_the_house`
      there is a hole
      the after_feature hook `turn_off_the_heating`
      the tap is warm
      0 features passed, 0 failed, 0 skipped, 1 not run
      """
    And the file "report.xml" contains "name="the before_feature hook `find_the_house`" classname="features.House""
    And the file "report.xml" contains "there is a hole"
