"""The process of `bdd behave` that prints: behave's own command, with a runner that takes results from bdd.

The command line, settings, selection, the loops over features and rules, formatters, JUnit files, summary, snippets and exit
code are behave's own code of the version that is installed. Only what a scenario or a hook does is taken from the notes of
the workers (`suite.recorded`), because it has run there.
"""
