"""The bundled agents, as TOML files."""
