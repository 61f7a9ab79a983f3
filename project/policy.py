"""What a browser may do with our pages: the headers and the content policy of every response (R25, R26)."""

from csp.constants import NONE, SELF

FEATURES = (
    "accelerometer", "camera", "clipboard-write", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "screen-wake-lock", "usb", "web-share",
)  # fmt: skip


def permissions(*uses):
    """Return a Permissions-Policy that lets a page of ours use these features, and nothing else of FEATURES."""
    return ", ".join(f"{name}=({'self' * (name in uses)})" for name in FEATURES)


HEADERS = {
    "Permissions-Policy": permissions("clipboard-write"),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["settle"],
    }
}
# A file is no page: it loads nothing and uses nothing, so that less needs saying, and less is sent with each.
FILE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def file_headers(headers, path, url):
    """Give a static file its headers, once, when the server starts (WhiteNoise's hook)."""
    for name, value in FILE_HEADERS.items():
        headers[name] = value
