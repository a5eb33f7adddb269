"""A fake of a judge server: it speaks the protocol and decides by a rule, no model runs."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeJudge:
    """Principle `polite` is satisfied by texts with ます, every other one by texts of more than three characters.

    `failures` answers go before as HTTP 503, then `nonsense` ones that are no JSON.
    """

    def __init__(self, failures: int = 0, nonsense: int = 0) -> None:
        self.requests: list[dict[str, Any]] = []
        self.failures, self.nonsense = failures, nonsense
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # http.server's name
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.requests.append({**body, "authorization": self.headers.get("Authorization"), "path": self.path})
                if fake.failures > 0:
                    fake.failures -= 1
                    self.send_error(503)
                    return
                reply = json.dumps({"choices": [{"message": {"content": fake.answer(body)}}]}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, body: dict[str, Any]) -> str:
        if self.nonsense > 0:
            self.nonsense -= 1
            return "I like it."
        asked = body["messages"][1]["content"]
        data = json.loads(asked.split("Data:\n")[1])
        entries = [
            {
                "id": name,
                "satisfied": "ます" in data["translation"] if text == "polite" else len(data["translation"]) > 3,
                "evidence": "by rule",
            }
            for name, text in re.findall(r"^(p\d+): (.*)$", asked, re.M)
        ]
        return "Here it is:\n" + json.dumps({"principles": entries})

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
