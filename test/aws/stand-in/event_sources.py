"""Queues feed functions as Lambda's event source mappings do: polled, a few batches at once, each message until it is
done or dead. moto calls the function once, in the middle of the sender's call, and forgets the message."""

import hashlib
import json
import threading
import time

from moto.awslambda.models import LambdaBackend
from moto.sqs.models import SQSBackend, sqs_backends

POLL_S = 0.05
# AWS waits for the queue's visibility timeout, nine minutes here; the stand-in does not.
RETRY_AFTER_S = 1
# Who postpones a message by a minute has it back as soon.
LONGEST_DELAY_S = 1
CONCURRENCY = 1_000


def install():
    create = LambdaBackend.create_event_source_mapping

    def create_polling(self, spec):
        mapping = create(self, spec)
        queue = mapping.event_source_arn.split(":")[-1]
        sqs = sqs_backends[self.account_id][self.region_name]
        sqs.get_queue(queue).lambda_event_source_mappings.clear()
        scaling = spec.get("ScalingConfig") or {}
        at_once = int(scaling.get("MaximumConcurrency", CONCURRENCY))
        thread = threading.Thread(
            target=poll, args=(self, sqs, queue, mapping, at_once), daemon=True
        )
        thread.start()
        return mapping

    LambdaBackend.create_event_source_mapping = create_polling
    send = SQSBackend.send_message

    def send_soon(self, *args, **kwargs):
        delay = kwargs.get("delay_seconds")
        return send(self, *args, **{**kwargs, "delay_seconds": delay and min(delay, LONGEST_DELAY_S)})

    SQSBackend.send_message = send_soon


def poll(functions, sqs, queue, mapping, at_once):
    free = threading.Semaphore(at_once)
    while mapping.uuid in functions._event_source_mappings and queue in sqs.queues:
        free.acquire()
        batch = sqs.receive_message(
            queue, mapping.batch_size, 0, sqs.get_queue(queue).visibility_timeout
        )
        if not batch:
            free.release()
            time.sleep(POLL_S)
            continue
        threading.Thread(
            target=lambda batch=batch: (
                work(functions, sqs, queue, mapping, batch),
                free.release(),
            ),
            daemon=True,
        ).start()


def work(functions, sqs, queue, mapping, batch):
    failed = failures(functions, mapping, batch)
    for message in batch:
        if message.id in failed:
            sqs.change_message_visibility(queue, message.receipt_handle, RETRY_AFTER_S)
        else:
            sqs.delete_message(queue, message.receipt_handle)


def failures(functions, mapping, batch):
    """The ids of the messages that come again."""
    everything = {message.id for message in batch}
    headers = {}
    event = {"Records": [record(mapping, message) for message in batch]}
    try:
        answer = functions.invoke(
            mapping.function_arn, None, json.dumps(event), {}, headers
        )
    except Exception:
        return everything
    if "x-amz-function-error" in headers:
        return everything
    if "ReportBatchItemFailures" not in (mapping.function_response_types or []):
        return set()
    reported = (json.loads(answer) or {}).get("batchItemFailures", [])
    return {failure["itemIdentifier"] for failure in reported}


def record(mapping, message):
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.approximate_receive_count),
            "SentTimestamp": str(message.sent_timestamp),
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": str(
                message.approximate_first_receive_timestamp
            ),
        },
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(message.body.encode()).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.event_source_arn,
        "awsRegion": mapping.region,
    }
