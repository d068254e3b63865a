"""Answers every request with a greeting, and ends at once when it is told to stop."""  # noqa: INP001 - a program in an image, no package

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greeter(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self) -> None:
        """Greet."""
        body = f"{os.environ.get('GREETING', 'Hello')} from {os.uname().machine}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", 8080), Greeter).serve_forever()  # every address: a container's own
