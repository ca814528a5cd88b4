"""What stops a validation.

ShapesError
├── DataError           the data could not be validated at all
│   ├── NotRdfError     it is no RDF
│   └── NotOneDocumentError   it does not hold exactly one document version
├── ShapeError          a shape is of a form that no rule can stand for
├── UnknownEngineError  there is no engine of that name
├── FormerReportError   a former report or a file of statuses cannot be read
└── EngineError         an engine gave up on the data

A message names the file, the place, the value found and what to do.
"""


class ShapesError(Exception):
    """Base of everything that stops a validation."""


class DataError(ShapesError):
    """Raised if data could not be validated at all."""


class NotRdfError(DataError):
    """Raised if a file is missing, of an unknown form, or not well-formed RDF."""


class NotOneDocumentError(DataError):
    """Raised if RDF does not hold exactly one `bud:DocumentVersion`."""


class ShapeError(ShapesError):
    """Raised if a shape is of a form that this program cannot report about."""


class UnknownEngineError(ShapesError, ValueError):
    """Raised if there is no engine of the name asked for."""


class FormerReportError(ShapesError):
    """Raised if a former report, or a file of what people said about its results, cannot be read."""


class EngineError(ShapesError):
    """Raised if an engine could not finish."""


class NotCompiledError(ShapesError):
    """Raised if a query, or data, is more than the compiler knows: Oxigraph is asked then."""
