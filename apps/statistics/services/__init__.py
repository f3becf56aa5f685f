from apps.statistics.services.compiling import compile_figures

__all__ = ["compile_figures"]
