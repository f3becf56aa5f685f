from django.http import HttpResponse
from django.utils.http import content_disposition_header


def csv_response(content: bytes, *, name: str) -> HttpResponse:
    return download(content, name=name, media_type="text/csv; charset=utf-8")


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """A file to save, never to show: whoever gave it its name or its content runs nothing here."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response["Cache-Control"] = "no-store"
    return response
