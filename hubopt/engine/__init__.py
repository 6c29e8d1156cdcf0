"""The same problem at any size: small ones by HiGHS at once, large ones by a search for plans."""
