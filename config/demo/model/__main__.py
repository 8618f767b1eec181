"""``python -m config.demo.model --port P``: the demo model without Django's start-up time."""

from argparse import ArgumentParser

from config.demo.model import server


def main() -> None:
    """Serve as the command line says."""
    parser = ArgumentParser(prog="demo_model", description="A deterministic model on loopback.")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--rate", type=float, default=server.RATE, help="tokens a second; 0: all")
    options = parser.parse_args()
    server.serve(port=options.port, rate=options.rate)


if __name__ == "__main__":
    main()
