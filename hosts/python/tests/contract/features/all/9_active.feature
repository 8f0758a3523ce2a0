Feature: Active tags

  @use.with_season=summer
  Scenario: in summer
    Given it counts

  @use.with_season=winter
  Scenario: in winter
    Given it fails

  @not.with_season=winter
  Scenario: not in winter
    Given it counts

  @not.with_season=summer @use.with_size=3
  Scenario: not in summer
    Given it fails

  @use.with_planet=mars
  Scenario: nobody knows the planet
    Given it counts
