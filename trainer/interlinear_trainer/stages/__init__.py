"""Stages that adapt a model to judgments: supervised, CPO and its multi-reward form, each thin over TRL."""
