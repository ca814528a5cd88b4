"""Publications and the registry of organisations that ship; no code."""
