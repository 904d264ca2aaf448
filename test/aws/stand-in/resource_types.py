"""Types of resources that moto serves but its CloudFormation does not make."""

import json

from moto.apigateway.models import apigateway_backends
from moto.applicationautoscaling.models import applicationautoscaling_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.s3.models import s3_backends
from moto.sagemaker.models import FakeEndpoint
from moto.sqs.models import sqs_backends
from moto.utilities.utils import get_partition
from resource_type import camel, resource_type

_made = []


def install():
    """The classes announce themselves to moto when they are made."""
    for definition in (
        bucket_policy,
        queue_policy,
        stage,
        gateway_response,
        authorizer,
        api_key,
        usage_plan,
        usage_plan_key,
        alarm,
        scalable_target,
        scaling_policy,
    ):
        _made.append(definition())
    # moto makes endpoints, but by names of its own.
    FakeEndpoint.cloudformation_name_type = staticmethod(lambda: "EndpointName")


def bucket_policy():
    def put(name, properties, account, region):
        s3 = s3_backends[account][get_partition(region)]
        s3.put_bucket_policy(properties["Bucket"], json.dumps(properties["PolicyDocument"]).encode())
        return name

    return resource_type("AWS::S3::BucketPolicy", put, update=put)


def queue_policy():
    def put(name, properties, account, region):
        policy = {"Policy": json.dumps(properties["PolicyDocument"])}
        for url in properties["Queues"]:
            sqs_backends[account][region].set_queue_attributes(url.split("/")[-1], policy)
        return name

    return resource_type("AWS::SQS::QueuePolicy", put, update=put)


def stage():
    def deployment(properties):
        # A reference to a deployment yields moto's object.
        return getattr(properties["DeploymentId"], "id", properties["DeploymentId"])

    def create(name, properties, account, region):
        stage_name = properties["StageName"]
        apigateway_backends[account][region].create_stage(
            properties["RestApiId"], stage_name, deployment(properties)
        )
        return stage_name

    def update(name, properties, account, region):
        found = apigateway_backends[account][region].get_stage(properties["RestApiId"], name)
        found.deployment_id = deployment(properties)

    return resource_type("AWS::ApiGateway::Stage", create, update)


def gateway_response():
    def put(name, properties, account, region):
        apigateway_backends[account][region].put_gateway_response(
            properties["RestApiId"],
            properties["ResponseType"],
            properties.get("StatusCode"),
            properties.get("ResponseParameters", {}),
            properties.get("ResponseTemplates", {}),
        )
        return name

    return resource_type("AWS::ApiGateway::GatewayResponse", put, update=put)


def authorizer():
    def create(name, properties, account, region):
        made = apigateway_backends[account][region].create_authorizer(
            properties["RestApiId"],
            properties["Name"],
            properties["Type"],
            provider_arns=properties.get("ProviderARNs"),
            auth_type=properties.get("AuthType"),
            authorizer_uri=properties.get("AuthorizerUri"),
            authorizer_credentials=properties.get("AuthorizerCredentials"),
            identity_source=properties.get("IdentitySource"),
            identiy_validation_expression=properties.get("IdentityValidationExpression"),
            authorizer_result_ttl=properties.get("AuthorizerResultTtlInSeconds"),
        )
        return made.id

    return resource_type("AWS::ApiGateway::Authorizer", create)


def api_key():
    def create(name, properties, account, region):
        key = {"name": properties.get("Name", name), "enabled": properties.get("Enabled", True)}
        if "Value" in properties:
            key["value"] = properties["Value"]
        return apigateway_backends[account][region].create_api_key(key).id

    def delete(name, _, account, region):
        apigateway_backends[account][region].delete_api_key(name)

    return resource_type("AWS::ApiGateway::ApiKey", create, delete=delete)


def usage_plan():
    def create(name, properties, account, region):
        plan = camel({k: v for k, v in properties.items() if k in ("Throttle", "Quota", "Description")})
        plan["name"] = properties.get("UsagePlanName", name)
        plan["apiStages"] = [
            {"apiId": stage["ApiId"], "stage": stage["Stage"]} for stage in properties.get("ApiStages", [])
        ]
        return apigateway_backends[account][region].create_usage_plan(plan).id

    def delete(name, _, account, region):
        apigateway_backends[account][region].delete_usage_plan(name)

    return resource_type("AWS::ApiGateway::UsagePlan", create, delete=delete)


def usage_plan_key():
    def create(name, properties, account, region):
        key, plan = properties["KeyId"], properties["UsagePlanId"]
        apigateway_backends[account][region].create_usage_plan_key(
            plan, {"keyId": key, "keyType": properties["KeyType"]}
        )
        return f"{key}:{plan}"

    return resource_type("AWS::ApiGateway::UsagePlanKey", create)


def alarm():
    def put(name, properties, account, region):
        alarm_name = properties.get("AlarmName", name)
        cloudwatch_backends[account][region].put_metric_alarm(
            name=alarm_name,
            namespace=properties.get("Namespace", ""),
            metric_name=properties.get("MetricName", ""),
            comparison_operator=properties["ComparisonOperator"],
            evaluation_periods=properties["EvaluationPeriods"],
            period=properties.get("Period", 60),
            threshold=properties.get("Threshold", 0),
            statistic=properties.get("Statistic", "Sum"),
            description=properties.get("AlarmDescription", ""),
            dimensions=properties.get("Dimensions", []),
            alarm_actions=properties.get("AlarmActions", []),
            treat_missing_data=properties.get("TreatMissingData"),
        )
        return alarm_name

    def delete(name, _, account, region):
        cloudwatch_backends[account][region].delete_alarms([name])

    def arn(resource):
        partition = get_partition(resource.region)
        return f"arn:{partition}:cloudwatch:{resource.region}:{resource.account}:alarm:{resource.physical_resource_id}"

    return resource_type(
        "AWS::CloudWatch::Alarm",
        put,
        update=put,
        delete=delete,
        attributes={"Arn": arn},
        name_property="AlarmName",
    )


def scalable_target():
    def create(name, properties, account, region):
        place = [properties[key] for key in ("ServiceNamespace", "ResourceId", "ScalableDimension")]
        applicationautoscaling_backends[account][region].register_scalable_target(
            *place, properties["MinCapacity"], properties["MaxCapacity"], "", None
        )
        return "|".join([place[1], place[2], place[0]])

    def delete(name, _, account, region):
        resource, dimension, namespace = name.split("|")
        applicationautoscaling_backends[account][region].deregister_scalable_target(namespace, resource, dimension)

    return resource_type(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        create,
        delete=delete,
        attributes={"Id": lambda resource: resource.physical_resource_id},
    )


def scaling_policy():
    def create(name, properties, account, region):
        resource, dimension, namespace = properties["ScalingTargetId"].split("|")
        policy = applicationautoscaling_backends[account][region].put_scaling_policy(
            properties["PolicyName"],
            namespace,
            resource,
            dimension,
            properties["TargetTrackingScalingPolicyConfiguration"],
            properties["PolicyType"],
        )
        return policy.policy_arn

    return resource_type("AWS::ApplicationAutoScaling::ScalingPolicy", create)
