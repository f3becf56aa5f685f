"""Fictional organisations, people and a year of their work, for `make demo` and for measuring. Nobody here is real.

`cast` and `words` are data, `stories` draws what happens (pure, from one seeded generator), `tables` turns it into
rows, `stage` makes the organisations. Real services stand in the directory beside them and never receive anything.
"""
