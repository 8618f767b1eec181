"""``python -m config.demo.graph --port P [--parley URL]``, without Django."""

from argparse import ArgumentParser

from config import env
from config.demo.graph import senders
from config.demo.graph.app import DemoGraph
from config.demo.loopback import server


def main() -> None:
    """Serve as the command line says."""
    parser = ArgumentParser(prog="demo_graph", description="Meta's Graph API on loopback.")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--parley", help="the address of the instance whose demo sender is known")
    options = parser.parse_args()
    known = []
    if options.parley:
        known.append(senders.demo(env.current().secret_key, options.parley))
    server.serve(DemoGraph(known), port=options.port)


if __name__ == "__main__":
    main()
