//! Text to document (AST) to pickles: the Gherkin front end.
