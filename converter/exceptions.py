"""What stops a conversion.

ConverterError
├── SourceError        the source could not be read at all
├── RegistryError      the registry of organisations is not usable
└── ProfileError       a layout profile is not usable

A message names the file, the place, the value found and what to do.
"""


class ConverterError(Exception):
    """Base of everything that stops a conversion."""


class SourceError(ConverterError):
    """Raised if a source is missing, empty, of an unknown form, undecodable, or has no table that is a budget's."""


class RegistryError(ConverterError):
    """Raised if the registry of organisations is missing or a row of it is not usable."""


class ProfileError(ConverterError):
    """Raised if a layout profile is not valid against profile.schema.json."""
