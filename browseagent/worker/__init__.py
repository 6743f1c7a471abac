"""Workers on many machines: what is due is queued in PostgreSQL by Procrastinate, and each takes its
share."""
