"""The site, which also tells what it takes the visitor for: ``tests.province.seen:app`` is ``wsgi:app`` with one header more."""

from flask import Response, request

from wsgi import app


@app.after_request
def tell(answer: Response) -> Response:
    """Address and scheme, as the site sees them."""
    answer.headers["X-Seen"] = f"{request.remote_addr} {request.scheme}"
    return answer


__all__ = ["app"]
