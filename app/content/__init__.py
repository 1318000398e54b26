"""What the office says to the public: service pages, news, about, public information; who keeps each of them current."""
