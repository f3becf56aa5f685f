from django.http import HttpResponse


def csv_response(content: bytes, *, name: str) -> HttpResponse:
    """A file to save; `name` is ours, so it needs no quoting beyond the header's."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
