"""From documents to answers: passages are chosen, what is answered or summed up is proved by quotes."""
