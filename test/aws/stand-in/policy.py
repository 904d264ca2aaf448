"""IAM's evaluation of policy statements: data in, verdict out.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Request:
    action: str
    resource: str
    # Condition keys in lower case; a key that the request does not have is absent.
    context: dict[str, str | list[str]] = field(default_factory=dict)


def is_allowed(request, statements):
    """Whether somebody allows it, and nobody denies it."""
    effects = {s["Effect"] for s in statements if applies(s, request)}
    return "Allow" in effects and "Deny" not in effects


def applies(statement, request):
    return (
        any(like(request.action.lower(), a.lower()) for a in listed(statement["Action"]))
        and any(like(request.resource, r) for r in listed(statement["Resource"]))
        and all(
            OPERATORS[operator](request.context.get(key.lower()), listed(values))
            for operator, tests in statement.get("Condition", {}).items()
            for key, values in tests.items()
        )
    )


def like(text, pattern):
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def listed(value):
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def is_true(value):
    return value.lower() == "true"


# What is absent matches no comparison; Null alone asks for absence. An operator that is not here is a KeyError: better
# no answer than a wrong one.
OPERATORS = {
    "StringEquals": lambda found, values: found in values,
    # What is absent may be anything; what is there must be one of these.
    "StringEqualsIfExists": lambda found, values: found is None or found in values,
    # Every one of what is asked, also where nothing is.
    "ForAllValues:StringEquals": lambda found, values: all(each in values for each in found or []),
    "StringLike": lambda found, values: found is not None
    and any(like(found, v) for v in values),
    "ArnLike": lambda found, values: found is not None
    and any(like(found, v) for v in values),
    "Bool": lambda found, values: found is not None
    and any(is_true(found) == is_true(v) for v in values),
    "Null": lambda found, values: any((found is None) == is_true(v) for v in values),
    "NumericLessThan": lambda found, values: found is not None
    and any(float(found) < float(v) for v in values),
}
