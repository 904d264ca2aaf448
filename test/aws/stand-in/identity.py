"""Who calls: functions by the credentials of their roles, everybody else as the operator, who may do all."""

import hashlib
import json
import re

from moto.iam.models import iam_backends
from moto.utilities.utils import get_partition

OPERATOR = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]

_roles = {}
_CREDENTIAL = re.compile(r"(?:Credential=|X-Amz-Credential=)([A-Z0-9]+)")


def credentials_of(role_arn):
    """Credentials by which calls are known to be this role's."""
    digest = hashlib.sha256(role_arn.encode()).hexdigest().upper()
    access_key = f"ASIA{digest[:16]}"
    _roles[access_key] = role_arn
    return {
        "accessKeyId": access_key,
        "secretAccessKey": digest,
        "sessionToken": f"session-{digest[:8]}",
    }


def role_of(headers, url):
    """The ARN of the role that signed a request, in a header or in its URL; None for the operator."""
    signed = f"{headers.get('Authorization', '')} {url}"
    found = _CREDENTIAL.search(signed)
    return _roles.get(found.group(1)) if found else None


def statements_of(role_arn):
    """What a role may do, by its policies as they are now."""
    if role_arn is None:
        return OPERATOR
    _, partition, _, _, account, name = role_arn.split(":", 5)
    role = iam_backends[account][partition or get_partition("us-east-1")].get_role(
        name.split("/")[-1]
    )
    documents = [json.loads(document) for document in role.policies.values()]
    return [s for document in documents for s in document["Statement"]]
