"""The coat: old, undocumented import paths. Only the root touches it, to install the finder."""
