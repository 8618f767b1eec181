"""``python -m conversations.whatsapp.demo_graph --port P --senders FILE``, without Django."""

import json
from argparse import ArgumentParser
from pathlib import Path

from channels_layer.loopback import server
from conversations.whatsapp.demo_graph.app import DemoGraph
from conversations.whatsapp.demo_graph.senders import Sender


def main() -> None:
    """Serve as the command line says."""
    parser = ArgumentParser(prog="demo_graph", description="Meta's Graph API on loopback.")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--senders", type=Path, help="a JSON list of senders")
    options = parser.parse_args()
    raw = json.loads(options.senders.read_text(encoding="utf-8")) if options.senders else []
    server.serve(DemoGraph(Sender.read(one) for one in raw), port=options.port)


if __name__ == "__main__":
    main()
