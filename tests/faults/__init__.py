"""What the site keeps when things break: faults at random moments under people's hands, and what must hold afterwards."""
