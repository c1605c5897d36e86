"""Bodies checked against Discord's OpenAPI description, where the file is there.

Two corrections are laid over it: a bot's ``content`` ends at 2000 (the file allows subscribers'
4000), and ids may be numbers, which Discord takes and common clients send.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path as FilePath

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.emulators.discord_errors import Form, Json, Path

SPEC = FilePath(__file__).parents[2].parent / "shared" / "specs" / "discord-openapi.json"

_CODES = {
    "maxLength": "BASE_TYPE_MAX_LENGTH",
    "minLength": "BASE_TYPE_MIN_LENGTH",
    "maxItems": "BASE_TYPE_BAD_LENGTH",
    "minItems": "BASE_TYPE_BAD_LENGTH",
    "maximum": "NUMBER_TYPE_MAX",
    "minimum": "NUMBER_TYPE_MIN",
    "required": "BASE_TYPE_REQUIRED",
    "enum": "BASE_TYPE_CHOICES",
    "const": "BASE_TYPE_CHOICES",
}


def available() -> bool:
    """Whether the description is on this machine."""
    return SPEC.is_file()


@cache
def _document() -> Json:
    document: Json = json.loads(SPEC.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    schemas["SnowflakeType"] = {
        "anyOf": [{"type": "integer", "minimum": 0}, schemas["SnowflakeType"]]
    }
    for name in ("MessageCreateRequest", "BaseCreateMessageCreateRequest"):
        schemas[name]["properties"]["content"]["maxLength"] = 2000
    schemas["MessageEditRequestPartial"]["properties"]["content"]["maxLength"] = 2000
    for name in ("ApplicationCommandUpdateRequest", "ApplicationCommandCreateRequest"):
        schemas[name]["properties"]["default_member_permissions"] = {
            "type": ["integer", "string", "null"]
        }
    return document


@cache
def _validator(schema: str) -> Draft202012Validator:
    resource = DRAFT202012.create_resource(_document())
    registry = Registry().with_resource("urn:discord", resource)
    reference = {"$ref": f"urn:discord#/components/schemas/{schema}"}
    return Draft202012Validator(reference, registry=registry)


@contextmanager
def checked(schema: str, body: object, at: Path = ()) -> Iterator[None]:
    """Refuse values of a wrong kind, let the rules written by hand speak, refuse what is left.

    Without the description everything passes.
    """
    errors = list(_validator(schema).iter_errors(body)) if available() else []
    _refuse([error for error in errors if error.validator == "type"], at)
    yield
    _refuse([_deepest(error) for error in errors], at)


def _refuse(errors: list[ValidationError], at: Path) -> None:
    form = Form()
    for error in errors:
        path = [*at, *error.absolute_path]
        if error.validator == "required":
            path += _missing(error)
        code = _CODES.get(str(error.validator), "BASE_TYPE_BAD_TYPE")
        if error.validator == "type" and "string" in str(error.validator_value):
            code = "BASE_TYPE_STRING"
        form.fail(path, code, error.message[:200])
    form.done()


def _missing(error: ValidationError) -> list[str]:
    schema, instance = error.schema, error.instance
    names = schema.get("required", []) if isinstance(schema, dict) else []
    return [name for name in names if isinstance(instance, dict) and name not in instance][:1]


def _deepest(error: ValidationError) -> ValidationError:
    while error.context:
        error = max(error.context, key=_depth)
    return error


def _depth(error: ValidationError) -> tuple[int, bool]:
    kinds = {"type", "const", "enum"}
    return len(error.absolute_path), str(error.validator) not in kinds
