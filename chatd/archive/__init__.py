"""The history's file in the hands of its operator: out of it, into it, and less of it."""
