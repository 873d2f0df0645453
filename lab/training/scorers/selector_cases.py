"""Placeholder until the shared cases exist."""
from .command import Command
from .selector_network import SelectorNetwork


def write_cases(options: Command, network: SelectorNetwork) -> None:
    return
