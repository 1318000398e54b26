"""The samples of docs/pasang in use on one machine: a province that loses its database's leader, and proxies with TLS."""
