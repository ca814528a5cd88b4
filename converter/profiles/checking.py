"""Checks the form of a profile or vocabulary: YAML against the JSON Schema that ships beside it."""

import json
from importlib import resources
from typing import Any

import yaml

from budgetgraph.converter.exceptions import ProfileError


def checked(text: str, name: str, schema: str) -> Any:  # what a YAML file holds
    """Return the data of a YAML text of the form of a schema ("profile.schema.json"); `name` is the file's.

    Raises ProfileError that names the file, the place in it and what is expected there.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ProfileError(f"{name}: is no YAML: {error}") from None
    check_form(data, name, schema)
    return data


def check_form(data: object, name: str, schema: str) -> None:
    """Check data against a schema. Raises ProfileError that names the place in the file and what is expected there."""
    from jsonschema import Draft202012Validator  # 0.3 s that only new files pay

    form = json.loads((resources.files(__package__) / schema).read_text("utf-8"))
    for fault in Draft202012Validator(form).iter_errors(data):
        place = "/".join(map(str, fault.absolute_path)) or "(top)"
        raise ProfileError(f"{name}: at {place}: {fault.message}")
