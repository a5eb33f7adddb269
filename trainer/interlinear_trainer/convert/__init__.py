"""The same checkpoint in the formats of other runtimes."""
