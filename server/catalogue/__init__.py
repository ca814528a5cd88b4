"""What there is, for machines that harvest: DCAT 3 in DCAT-AP's terms, VoID, sitemap, robots, dumps."""
