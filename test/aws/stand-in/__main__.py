"""AWS on this machine: moto, and what an application of CDK, S3, EventBridge, SQS and Lambda needs beyond it.

usage: python3 <this folder> -H 127.0.0.1 -p <port>
environment: FUNCTION_HOST and CONTAINER_HOST, the URLs of what runs Lambda functions and containers of SageMaker
"""

import access
import asynchronous_calls
import asynchronous_endpoints
import bucket_properties
import control_plane
import deleted_stacks
import dependencies
import event_sources
import functions
import object_events
import resource_types
import skipped_types
import stack_updates
from moto.server import main

for part in (
    access,
    asynchronous_calls,
    asynchronous_endpoints,
    bucket_properties,
    control_plane,
    deleted_stacks,
    dependencies,
    event_sources,
    functions,
    object_events,
    resource_types,
    skipped_types,
    stack_updates,
):
    part.install()

if __name__ == "__main__":
    main()
