"""Training pipeline of the small embedded chat model "supporter-mini"."""

VERSION = "0.1.0"
