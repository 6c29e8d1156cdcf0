"""Importers of public benchmark families: files as ordinary instances, one module a format."""
