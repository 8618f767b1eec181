"""``python -m config.demo.orders --port P``: the order service without Django."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from config import env
from config.demo.orders import access, server


def main() -> None:
    """Serve as the command line says."""
    parser = ArgumentParser(prog="demo_orders", description="The demo's order service on loopback.")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--key", help="what callers show; that of the instance if not given")
    parser.add_argument("--file", type=Path, help="where it is kept what was done; none: nowhere")
    parser.add_argument("--today", type=date.fromisoformat, help="the day that dates count from")
    options = parser.parse_args()
    key = options.key or access.demo_key(env.current().secret_key)
    server.serve(port=options.port, key=key, file=options.file, today=options.today)


if __name__ == "__main__":
    main()
