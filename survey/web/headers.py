"""What every response says to the browser about safety and keeping."""

from __future__ import annotations

from flask import Flask, Response

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # An invitation must not stand beside a receipt in any log.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def content_security_policy(*styles: str) -> str:
    """The policy of a page: everything from this server, no inline script; `styles` are hashes of inline sheets."""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("style-src 'self'", *styles)),
            "script-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def register(app: Flask) -> None:
    """Add the headers to every response that does not say otherwise itself."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    response.headers.setdefault("Cache-Control", "no-store")
    return response
