"""Many visitors who want the same few times, over HTTP, while the site may be killed under them."""
