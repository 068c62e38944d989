"""Proofs of what chatd promises on a hostile network: ``python -m tests.torture``.

Every row of the table in docs/guarantees.md is a function in ``rows``. It runs the real
daemon, with the load in other processes, and gives figures with their bounds.
"""
