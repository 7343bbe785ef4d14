"""One file a version of the schema; never edited after release."""
