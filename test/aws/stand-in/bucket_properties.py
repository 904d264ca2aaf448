"""What moto's CloudFormation leaves out about buckets: versions, telling EventBridge, and that a bucket that holds
anything is not deleted."""

from moto.s3.models import FakeBucket, s3_backends
from moto.utilities.utils import get_partition


def install():
    create = FakeBucket.create_from_cloudformation_json.__func__
    update = FakeBucket.update_from_cloudformation_json.__func__

    def create_whole(cls, resource_name, cloudformation_json, account_id, region_name, **more):
        bucket = create(cls, resource_name, cloudformation_json, account_id, region_name, **more)
        complete(resource_name, cloudformation_json, account_id, region_name)
        return bucket

    def update_whole(cls, original_resource, new_name, cloudformation_json, account_id, region_name):
        bucket = update(cls, original_resource, new_name, cloudformation_json, account_id, region_name)
        complete(bucket.name, cloudformation_json, account_id, region_name)
        return bucket

    FakeBucket.create_from_cloudformation_json = classmethod(create_whole)
    FakeBucket.update_from_cloudformation_json = classmethod(update_whole)
    FakeBucket.delete = delete_empty


def complete(name, cloudformation_json, account_id, region_name):
    properties = cloudformation_json.get("Properties", {})
    s3 = s3_backends[account_id][get_partition(region_name)]
    if "VersioningConfiguration" in properties:
        s3.put_bucket_versioning(name, properties["VersioningConfiguration"]["Status"])
    bridge = properties.get("NotificationConfiguration", {}).get("EventBridgeConfiguration")
    if bridge and str(bridge.get("EventBridgeEnabled", True)).lower() == "true":
        s3.put_bucket_notification_configuration(name, {"EventBridgeConfiguration": {}})


def delete_empty(bucket, account_id, region_name):
    if bucket.keys:
        raise ValueError(f"the bucket {bucket.name} must be empty to be deleted")
    s3_backends[account_id][get_partition(region_name)].delete_bucket(bucket.name)
