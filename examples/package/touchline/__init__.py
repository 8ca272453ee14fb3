"""Examples of components, of a source and of an agent, as a package brings them."""
