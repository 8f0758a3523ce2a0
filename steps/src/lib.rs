//! Step definitions for the bdd test runner.
