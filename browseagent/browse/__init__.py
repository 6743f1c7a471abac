"""Where to look next: links found and ranked, the addresses a site offers, and answers of several pages
brought together. Pure: nothing here opens a page."""
