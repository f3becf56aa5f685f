"""What `make demo` and `make test` need on a machine that has Python and make; never imported by the apps."""
