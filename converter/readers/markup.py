"""XML parsed without trust: no document type, no entities, no network, no nesting beyond the parser's bound.

lxml stops by itself at 256 levels of nesting and at 10 MB in one text (`huge_tree` stays off).
"""

from lxml import etree

from budgetgraph.converter.exceptions import SourceError

#: The largest XML part that is made into a tree, in bytes: a tree takes some 10 times as much memory.
MAXIMUM_TREE = 24 * 1024 * 1024

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)


def parse_xml(data: bytes, name: str, part: str) -> etree._Element:
    """Return the root of an XML part, without comments and processing instructions.

    name, part  the file and the part in it, for messages

    Raises SourceError when the part is too large, not well-formed, or has a document type.
    """
    if len(data) > MAXIMUM_TREE:
        raise SourceError(
            f"{name}: {part} has {len(data)} bytes; at most {MAXIMUM_TREE // 1024**2} MiB are read. Split the file."
        )
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise SourceError(f"{name}: {part} is no well-formed XML ({error}). Fetch the file again.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(
            f"{name}: {part} declares a document type, which Office files never do. Do not trust this file."
        )
    return root


def local_name(element: etree._Element) -> str:
    """Return the element's name without its namespace, "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Return the attribute of this local name, whatever its namespace (strict and transitional forms differ)."""
    plain = element.get(name)
    if plain is not None:
        return plain
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), None)
