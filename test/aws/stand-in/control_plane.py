"""What makes endpoints holds every call of a function against its role: SageMaker, Application Auto Scaling, CloudWatch's alarms
and SQS, with the tags, the network and the instances that are asked for."""

import json

from identity import role_of, statements_of
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.sagemaker.models import sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse
from moto.sqs.responses import SQSResponse
from policy import Request, is_allowed

ACCOUNT = "123456789012"
SAGEMAKER = {"Model": "model", "EndpointConfig": "endpoint-config", "Endpoint": "endpoint"}


def install():
    for verb in ("Create", "Describe", "Delete"):
        for thing, kind in SAGEMAKER.items():
            hold(SageMakerResponse, f"{verb}{thing}", "sagemaker", of_sagemaker(thing, kind))
    for action in ("RegisterScalableTarget", "DeregisterScalableTarget", "PutScalingPolicy"):
        hold(ApplicationAutoScalingResponse, action, "application-autoscaling", of_scaling)
    hold(CloudWatchResponse, "PutMetricAlarm", "cloudwatch", of_alarms)
    hold(CloudWatchResponse, "DeleteAlarms", "cloudwatch", of_alarms)
    hold(SQSResponse, "SendMessage", "sqs", of_queue)


def hold(response, action, service, requests):
    method = snake(action)
    answer = getattr(response, method)

    def held(self):
        role = role_of(self.headers, self.uri)
        if role is not None:
            statements = statements_of(role)
            for resource, context in requests(self):
                if not is_allowed(Request(f"{service}:{action}", resource, context), statements):
                    error = {"__type": "AccessDeniedException", "message": f"{role} may not {action} {resource}"}
                    return 400, {"status": 400}, json.dumps(error)
        return answer(self)

    setattr(response, method, held)


def snake(action):
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in action).lstrip("_")


def body_of(response):
    return json.loads(response.body)


def arn(response, service, rest):
    return f"arn:aws:{service}:{response.region}:{ACCOUNT}:{rest}"


def of_sagemaker(thing, kind):
    def requests(response):
        body = body_of(response)
        yield arn(response, "sagemaker", f"{kind}/{body[f'{thing}Name']}"), context_of(response, body, thing)

    return requests


def context_of(response, body, thing):
    """The condition keys of what is asked, and of what is there already."""
    asked = {f"aws:requesttag/{tag['Key']}".lower(): tag["Value"] for tag in body.get("Tags", [])}
    there = {f"aws:resourcetag/{tag['Key']}".lower(): tag["Value"] for tag in tags_of(response, body, thing)}
    isolation = str(body.get("EnableNetworkIsolation", False)).lower()
    variants = body.get("ProductionVariants", [])
    instances = [variant["InstanceType"] for variant in variants]
    return {**asked, **there, "sagemaker:networkisolation": isolation, "sagemaker:instancetypes": instances}


def tags_of(response, body, thing):
    backend = sagemaker_backends[ACCOUNT][response.region]
    held = {"Model": backend._models, "EndpointConfig": backend.endpoint_configs, "Endpoint": backend.endpoints}
    found = held[thing].get(body[f"{thing}Name"])
    return found.tags if found is not None else []


def of_scaling(response):
    body = body_of(response)
    yield arn(response, "application-autoscaling", "scalable-target/0ab1"), {
        "application-autoscaling:service-namespace": body["ServiceNamespace"],
        "application-autoscaling:scalable-dimension": body["ScalableDimension"],
    }


def of_alarms(response):
    body = body_of(response)
    for name in body.get("AlarmNames", [body.get("AlarmName")]):
        yield arn(response, "cloudwatch", f"alarm:{name}"), {}


def of_queue(response):
    yield arn(response, "sqs", body_of(response)["QueueUrl"].rsplit("/", 1)[-1]), {}
