@use.with_season=winter
Feature: A whole feature for the winter

  Scenario: in winter only
    Given it fails
