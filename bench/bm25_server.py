"""BM25 as a program.

python -m bench.bm25_server train corpus.json INDEX_FOLDER
python -m bench.bm25_server serve INDEX_FOLDER PORT      POST /parse, POST /turn {"text": …}
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.bm25_index import QuestionIndex


def train(corpus_path: Path, folder: Path) -> None:
    """Index the examples of a corpus file; the Spanish answers are stored beside."""
    corpus = json.loads(corpus_path.read_text(encoding="utf-8"))
    texts = [example["text"] for example in corpus["examples"]]
    labels = [example["label"] for example in corpus["examples"]]
    slugs = {example["label"] for example in corpus["examples"] if example["language"]}
    folder.mkdir(parents=True)
    QuestionIndex.built(texts, labels, slugs).save(folder)
    answers = {answer["label"]: answer["text"] for answer in corpus["answers"] if answer["language"] == "es"}
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def serve(folder: Path, port: int) -> None:
    """Answer until stopped."""
    index = QuestionIndex.load(folder)
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
            label, ranking = index.answer(text)
            if self.path == "/parse":
                self._reply({"intent": label, "ranking": ranking})
            else:
                self._reply({"intent": label, "answer": answers.get(label or "", "")})

        def _reply(self, body: dict[str, Any]) -> None:
            payload = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing is logged."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    Server(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        serve(Path(sys.argv[2]), int(sys.argv[3]))
