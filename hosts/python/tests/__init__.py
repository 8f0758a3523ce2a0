"""Tests of the host. `tests/behave.rs` runs them with several versions of behave.

    BDD=target/debug/bdd PYTHON_WITH_BEHAVE -m unittest discover -s hosts/python -t hosts/python
"""
