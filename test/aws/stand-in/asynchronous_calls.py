"""Asynchronous calls as Lambda makes them: taken at once, tried again where they fail, and at last kept where the
function's configuration says. moto runs them in the middle of the caller's call, once."""

import json
import threading
import time

from moto.awslambda.models import LambdaBackend
from moto.sqs.models import sqs_backends
from resource_type import resource_type

# Lambda waits a minute, then two; the stand-in does not.
RETRY_AFTER_S = 1
# What Lambda does where nothing is configured.
RETRIES = 2

_configured = {}
_made = []


def install():
    _made.append(event_invoke_config())
    LambdaBackend.invoke = invoke_at_once_or_later(LambdaBackend.invoke)


def event_invoke_config():
    def put(name, properties, account, region):
        _configured[properties["FunctionName"]] = properties
        return name

    return resource_type("AWS::Lambda::EventInvokeConfig", put, update=put)


def invoke_at_once_or_later(at_once):
    def invoke(self, function_name, qualifier, body, headers, response_headers):
        if headers.get("X-Amz-Invocation-Type") != "Event":
            return at_once(self, function_name, qualifier, body, headers, response_headers)
        function = self.get_function(function_name, qualifier)
        threading.Thread(target=run, args=(self, at_once, function, body), daemon=True).start()
        return b""

    return invoke


def run(backend, at_once, function, body):
    configured = _configured.get(function.function_name, {})
    tries = 1 + int(configured.get("MaximumRetryAttempts", RETRIES))
    for number in range(tries):
        if number > 0:
            time.sleep(RETRY_AFTER_S)
        answered = {}
        payload = at_once(backend, function.function_name, None, body, {}, answered)
        if "x-amz-function-error" not in answered:
            return
    destination = configured.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if destination is not None:
        keep(backend, destination, record(function, tries, body, answered, payload))


def keep(backend, destination, message):
    queue = destination.split(":")[-1]
    sqs_backends[backend.account_id][backend.region_name].send_message(queue, json.dumps(message))


def record(function, tries, body, answered, payload):
    return {
        "version": "1.0",
        "requestContext": {
            "functionArn": f"{function.function_arn}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(body),
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": answered["x-amz-function-error"],
        },
        "responsePayload": json.loads(payload),
    }
