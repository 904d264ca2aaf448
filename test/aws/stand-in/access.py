"""S3 and Lambda hold every call against the role of the caller and the policy of the bucket, and S3 hides what one may
not list."""

import json

from identity import role_of, statements_of
from moto.awslambda.responses import LambdaResponse
from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import S3AccessDeniedError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from policy import Request, is_allowed

# What the stand-in can't have: everybody comes over TLS.
TLS = {"aws:securetransport": "true", "s3:tlsversion": "1.3"}

OBJECT_ACTIONS = {
    "GET": "s3:GetObject",
    "HEAD": "s3:GetObject",
    "PUT": "s3:PutObject",
    "DELETE": "s3:DeleteObject",
}
LISTING = {
    "list-type",
    "prefix",
    "delimiter",
    "encoding-type",
    "continuation-token",
    "start-after",
    "max-keys",
    "x-id",
}


def install():
    S3Response._authenticate_and_authorize_s3_action = authorize_s3
    LambdaResponse.invoke = authorized_invoke(LambdaResponse.invoke)
    # Policies are evaluated here with their conditions, which moto does not look at.
    FakeBucket.get_permission = lambda *_: PermissionResult.NEUTRAL


def authorize_s3(self, bucket_name=None, key_name=None):
    bucket = self.backend.buckets.get(bucket_name)
    if bucket is None:
        return
    role = role_of(self.request.headers, self.request.url)
    statements = statements_of(role) + policy_of(bucket)
    asked = requests_of(self, bucket, key_name, role)
    if tells_of_absence(self, key_name) and self.backend.get_object(bucket_name, key_name) is None:
        # Who may not list may not know either that there is nothing. The key is the prefix that is asked about, as
        # in https://github.com/ceph/ceph/pull/68577
        asked.append(listing(bucket, key_name))
    if not all(is_allowed(request, statements) for request in asked):
        raise S3AccessDeniedError()


def tells_of_absence(self, key_name):
    return key_name is not None and (self.request.method in ("GET", "HEAD") or "If-Match" in self.request.headers)


def requests_of(self, bucket, key_name, role):
    """What is asked of the policies: one or two questions."""
    method = self.request.method
    if key_name is None and method in ("GET", "HEAD") and is_plain_listing(self.request):
        return [listing(bucket, self.request.args.get("prefix", ""))]
    if key_name is None or method not in OBJECT_ACTIONS:
        # Settings of a bucket are the operator's.
        return [] if role is None else [Request("s3:Administer", bucket.arn)]
    context = {**TLS, **conditions_of(self)}
    resource = f"{bucket.arn}/{key_name}"
    asked = [Request(OBJECT_ACTIONS[method], resource, context)]
    if method in ("PUT", "DELETE") and "If-Match" in self.request.headers:
        asked.append(Request("s3:GetObject", resource, context))
    return asked


def conditions_of(self):
    headers = self.request.headers
    if self.request.method != "PUT":
        return {}
    is_part = "partNumber" in self.request.args
    return {
        "s3:objectcreationoperation": "false" if is_part else "true",
        **{
            f"s3:{name.lower()}": headers[name]
            for name in ("If-Match", "If-None-Match")
            if name in headers
        },
    }


def listing(bucket, prefix):
    return Request("s3:ListBucket", bucket.arn, {**TLS, "s3:prefix": prefix})


def is_plain_listing(request):
    return set(request.args) <= LISTING


def policy_of(bucket):
    return json.loads(bucket.policy)["Statement"] if bucket.policy else []


def authorized_invoke(invoke):
    def authorized(self):
        name = self.path.rsplit("/", 2)[-2]
        function = self.backend.get_function(name)
        request = Request("lambda:InvokeFunction", function.function_arn)
        if is_allowed(request, statements_of(role_of(self.headers, self.uri))):
            return invoke(self)
        error = {"Message": f"not authorized to perform lambda:InvokeFunction on {name}"}
        return 403, {"x-amzn-ErrorType": "AccessDeniedException"}, json.dumps(error)

    return authorized
