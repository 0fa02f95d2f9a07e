"""Tests of the shopdesk command."""
