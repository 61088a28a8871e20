"""Asks a running server anything that its description allows, and much that it does not, as several people.

Usage: try_out.py URL EMAIL PASSWORD FOLDER   (the owner of an empty organization; a folder for what is left behind)

Whatever comes back must be what the description says, and never an error of the server. The last line is
`N passed, N failed`.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# What ends or changes the session of whoever asks, or locks it out; tried by someone whose session does not matter.
OWN_END = ["logout", "refresh", "delete_session", "begin_totp", "verify_totp", "disable_totp", "change_password"]

# What changes who somebody is; tried last, since an owner may make themselves something less.
PEOPLE = ["update_user", "replace_user", "delete_user"]

# The same requests every time: a run that fails can be repeated.
SEED = "20260309"


CONFIG = Path(__file__).with_name("schemathesis.toml")


class Server:
    def __init__(self, url):
        self.url = url

    def ask(self, method, path, body=None, token=None):
        request = urllib.request.Request(f"{self.url}/api/v1{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{method} {path} is refused: {refusal.read().decode(errors='replace')}")
        return json.loads(text) if text else None

    def sign_in(self, email, password):
        return self.ask("POST", "/auth/login", {"email": email, "password": password})["token"]

    def enroll(self, token):
        """Sets up a second factor: an organization that begins to require one locks nobody out who asks here."""
        secret = self.ask("POST", "/profile/totp", {}, token)["data"]["secret"]
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
        start = digest[-1] & 15
        code = (struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000
        self.ask("POST", "/profile/totp/verify", {"code": f"{code:06}"}, token)


def run(server, who, token, phases, selection, folder):
    """One run of Schemathesis. Answers how many cases passed and failed."""
    print(f"\n-- as {who}", flush=True)
    place = folder / who
    place.mkdir(parents=True, exist_ok=True)
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file", str(CONFIG),
        "run", f"{server.url}/api/openapi.json",
        "--url", f"{server.url}/api/v1",
        "--header", f"Authorization: Bearer {token}",
        "--phases", phases,
        "--max-examples", "15",
        "--seed", SEED,
        "--request-timeout", "20",
        "--workers", "1",
        "--generation-database", "none",
        "--warnings", "off",
        "--no-color",
        *selection,
    ]
    ran = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    (place / "output.txt").write_text(ran.stdout)
    cases = re.search(r"(\d+) generated", ran.stdout)
    failed = re.search(r"(\d+) found unique failures|(\d+) unique failures", ran.stdout)
    total = int(cases.group(1)) if cases else 0
    if ran.returncode == 0 and total:
        print(f"{total} cases, none of them answered wrongly")
        return total, 0
    print(ran.stdout)
    return total, max(1, int(next(filter(None, failed.groups()))) if failed else 1)


def main():
    url, email, password, folder = sys.argv[1:]
    server, folder = Server(url), Path(folder)
    owner = server.sign_in(email, password)
    server.enroll(owner)
    tokens = {"owner": owner}
    for name, role in [("reporter", "reporter"), ("guest", "owner")]:
        address = f"{name}-of-the-run@example.com"
        person = {"name": f"The {name}", "email": address, "password": password, "role": role}
        server.ask("POST", "/users", person, owner)
        tokens[name] = server.sign_in(address, password)

    def select(how, names):
        return [word for name in names for word in (f"--{how}-operation-id", name)]

    rest = select("exclude", OWN_END + PEOPLE)
    counts = [
        # First, since the others may change who is there.
        run(server, "guest", tokens["guest"], "examples,coverage,fuzzing", select("include", OWN_END), folder),
        run(server, "reporter", tokens["reporter"], "examples,fuzzing", rest, folder),
        run(server, "owner", tokens["owner"], "examples,coverage,fuzzing,stateful", rest, folder),
        run(server, "owner of people", tokens["owner"], "examples,coverage,fuzzing", select("include", PEOPLE), folder),
    ]
    passed, failed = (sum(numbers) for numbers in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
