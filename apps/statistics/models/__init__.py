from apps.statistics.dimensions import Dimension, Scope
from apps.statistics.models.cell import Cell
from apps.statistics.models.compilation import Compilation

__all__ = ["Cell", "Compilation", "Dimension", "Scope"]
