"""The AutoGen team that answers customers."""
