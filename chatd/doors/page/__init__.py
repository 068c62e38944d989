"""The page of the web door: plain files, as browsers get them."""
