"""The voice in the process: SmolLM2-135M-Instruct, taught by Rapport Dialogues."""

VERSION = "0.1.0"
