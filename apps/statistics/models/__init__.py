from apps.statistics.models.cell import Cell, Compilation, Dimension, Scope

__all__ = ["Cell", "Compilation", "Dimension", "Scope"]
