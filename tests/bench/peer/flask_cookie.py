"""``python -m tests.bench.peer.flask_cookie``: prints the cookie of somebody who is signed in to the Flask peer."""

from tests.bench.peer.flask_site import cookie

if __name__ == "__main__":
    print(cookie())
