Feature: Hooks that skip

  @before
  Scenario: A hook before the steps asks to skip
    The hooks behind it and the steps do not run, those after the steps do.

    When a step passes
    And nobody knows this step

  @step
  Scenario: A step asks to skip
    When a step skips
    And a step passes

  @after
  Scenario: A hook after the steps asks to skip
    When a step passes

  @fails
  Scenario: A hook before the steps fails
    No error stops the other hooks.

    When a step passes
