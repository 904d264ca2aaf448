"""Asynchronous endpoints of SageMaker: they come into service after a while, and are asked and answer by way of S3, with the
permissions of their model's role. What runs in their containers is the process that CONTAINER_HOST names."""

import base64
import json
import os
import threading
import urllib.error
import urllib.request
import uuid
from urllib.parse import urlparse

from identity import statements_of
from moto.s3.models import s3_backends
from moto.sagemaker.models import SageMakerModelBackend, sagemaker_backends
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse
from policy import Request, is_allowed

COMES_AFTER_S = 2
ANSWERS_AFTER_S = 0.5


def install():
    create = SageMakerModelBackend.create_endpoint

    def create_slowly(self, *args, **kwargs):
        endpoint = create(self, *args, **kwargs)
        config = self.endpoint_configs[endpoint.endpoint_config_name]
        if config.async_inference_config:
            endpoint.endpoint_status = "Creating"
            threading.Timer(COMES_AFTER_S, come_up, (self, endpoint)).start()
        return endpoint

    SageMakerModelBackend.create_endpoint = create_slowly
    SageMakerRuntimeResponse.invoke_endpoint_async = invoke_async


def come_up(backend, endpoint):
    """Its container loads the model, or it does not."""
    _, model = parts_of(backend, endpoint)
    try:
        get(backend, model.execution_role_arn, model.primary_container["ModelDataUrl"])
    except Exception as error:
        endpoint.endpoint_status, endpoint.failure_reason = "Failed", str(error)
    else:
        endpoint.endpoint_status = "InService"


def parts_of(backend, endpoint):
    config = backend.endpoint_configs[endpoint.endpoint_config_name]
    return config, backend._models[config.production_variants[0]["ModelName"]]


def invoke_async(self):
    backend = sagemaker_backends[self.current_account][self.region]
    endpoint = backend.endpoints.get(self.path.split("/")[2])
    if endpoint is None or endpoint.endpoint_status != "InService":
        error = {"Message": "Endpoint not found or not in service."}
        return answer(400, {"x-amzn-ErrorType": "ValidationError"}, error)
    config, model = parts_of(backend, endpoint)
    places = config.async_inference_config["OutputConfig"]
    name = uuid.uuid4()
    output = f"{places['S3OutputPath'].rstrip('/')}/{name}.out"
    failure = f"{places['S3FailurePath'].rstrip('/')}/{name}-error.out"
    content_type = self.headers.get("X-Amzn-SageMaker-Content-Type")
    location = self.headers["X-Amzn-SageMaker-InputLocation"]
    threading.Timer(
        ANSWERS_AFTER_S, carry_out, (backend, model, location, content_type, output, failure)
    ).start()
    headers = {
        "X-Amzn-SageMaker-OutputLocation": output,
        "X-Amzn-SageMaker-FailureLocation": failure,
    }
    return answer(202, headers, {"InferenceId": str(uuid.uuid4())})


def answer(status, headers, body):
    # moto reads the status of this API from there only.
    return status, {**headers, "status": status}, json.dumps(body)


def carry_out(backend, model, location, content_type, output, failure):
    role = model.execution_role_arn
    data = model.primary_container["ModelDataUrl"]
    question = {
        "target": data.rsplit("/", 1)[-1],
        "archive": encoded(get(backend, role, data)),
        "contentType": content_type,
        "input": encoded(get(backend, role, location)),
    }
    try:
        body = json.dumps(question).encode()
        with urllib.request.urlopen(os.environ["CONTAINER_HOST"], body) as answer:
            put(backend, role, output, answer.read())
    except urllib.error.HTTPError as error:
        put(backend, role, failure, error.read())


def encoded(data):
    return base64.b64encode(data).decode()


def get(backend, role, url):
    bucket, key = allowed("s3:GetObject", role, url)
    return s3_backends[backend.account_id]["aws"].get_object(bucket, key).value


def put(backend, role, url, data):
    bucket, key = allowed("s3:PutObject", role, url)
    s3_backends[backend.account_id]["aws"].put_object(bucket, key, data)


def allowed(action, role, url):
    place = urlparse(url)
    key = place.path.lstrip("/")
    if not is_allowed(Request(action, f"arn:aws:s3:::{place.netloc}/{key}"), statements_of(role)):
        raise PermissionError(f"{role} may not {action} {url}")
    return place.netloc, key
