"""The reference pages of the library: written from its declarations, with a line to run for every entry."""
