"""S3 tells EventBridge of objects as AWS does: raw keys, a sequencer that grows, `etag`, the API's name as the reason;
after the caller has its answer, and now and then twice, for it promises no more than at least once.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import itertools
import json
import threading
import time
import uuid

from moto.awslambda.models import lambda_backends
from moto.events.models import events_backends
from moto.s3 import notifications

REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete": "DeleteObject",
    "s3:ObjectRemoved:DeleteMarkerCreated": "DeleteObject",
}
DELETIONS = {
    "s3:ObjectRemoved:Delete": "Permanently Deleted",
    "s3:ObjectRemoved:DeleteMarkerCreated": "Delete Marker Created",
}
# Every second event comes twice.
TWICE_EVERY = 2
SECOND_TIME_AFTER_S = 0.3

_count = itertools.count(1)


def install():
    notifications._send_event_bridge_message = send_later


def send_later(account_id, bucket, event_name, key):
    # moto also tells of tags, which come and go with every object.
    if event_name not in REASONS:
        return
    number = next(_count)
    event = event_of(account_id, bucket, event_name, key, number)
    delays = [0, SECOND_TIME_AFTER_S] if number % TWICE_EVERY == 0 else [0]
    for delay in delays:
        threading.Timer(delay, send, (account_id, bucket.region_name, event)).start()


def send(account_id, region, event):
    for bus in list(events_backends[account_id][region].event_buses.values()):
        for rule in list(bus.rules.values()):
            # For moto a schedule matches everything.
            if not rule.scheduled_expression:
                tell(account_id, region, rule, event)


def tell(account_id, region, rule, event):
    """moto knows queues among the targets of a rule, but no functions."""
    everybody = rule.targets
    functions = [target for target in everybody if ":lambda:" in target["Arn"]]
    if functions and rule.event_pattern.matches_event(event):
        for target in functions:
            lambda_backends[account_id][region].invoke(
                target["Arn"], None, input_for(target, event), {"X-Amz-Invocation-Type": "Event"}, {}
            )
    if len(functions) < len(everybody):
        rule.send_to_targets(dict(event), transform_input=False)


def input_for(target, event):
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(event)
    text = transformer["InputTemplate"]
    for name, path in transformer["InputPathsMap"].items():
        value = event
        for part in path.split(".")[1:]:
            value = value[part]
        text = text.replace(f"<{name}>", json.dumps(value))
    return text


def event_of(account_id, bucket, event_name, key, number):
    item = {"key": key.name, "sequencer": sequencer(number)}
    if bucket.is_versioned:
        item["version-id"] = key.version_id
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": item,
        "request-id": uuid.uuid4().hex[:16].upper(),
        "requester": account_id,
        "source-ip-address": "192.0.2.1",
        "reason": REASONS[event_name],
    }
    if event_name in DELETIONS:
        detail["deletion-type"] = DELETIONS[event_name]
    else:
        item.update({"size": key.size, "etag": key.etag.strip('"')})
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Object Deleted" if event_name in DELETIONS else "Object Created",
        "source": "aws.s3",
        "account": account_id,
        "time": time.time(),
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": detail,
    }


def sequencer(number):
    return f"{(time.time_ns() // 1_000) * 0x10000 + number % 0x10000:018X}"
