"""A busy room for as long as one likes: ``python -m tests.soak --minutes 10``.

Members come and go, talk and die, and every promise is checked all the while.
"""
