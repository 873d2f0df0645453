"""Training pipeline of the small embedded chat model "supporter-mini"."""

VERSION = "0.2.0"
