Feature: Backgrounds of a feature and of its rules

  Background:
    Given a table

  Rule: With one of its own

    Background:
      Given a chair

    Example: Two come before
      Then there are 2 things

  Rule: Without

    Example: One comes before
      Then there are 1 things
