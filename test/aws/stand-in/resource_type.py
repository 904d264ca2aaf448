"""How a type of resources is added to moto's CloudFormation."""

from moto.core.common_models import CloudFormationModel


def resource_type(name, create, update=None, delete=None, attributes=None, name_property=""):
    """A type by its verbs. `create(name, properties, account, region)` returns the physical id."""

    class Resource(CloudFormationModel):
        # moto wants its models to live in a service.
        __module__ = "moto.stand_in.models"

        def __init__(self, physical_id, account, region):
            self.physical_resource_id = physical_id
            self.account, self.region = account, region

        @staticmethod
        def cloudformation_type():
            return name

        @staticmethod
        def cloudformation_name_type():
            return name_property

        @classmethod
        def has_cfn_attr(cls, attribute):
            return attribute in (attributes or {})

        def get_cfn_attribute(self, attribute):
            return attributes[attribute](self)

        @classmethod
        def create_from_cloudformation_json(
            cls, resource_name, cloudformation_json, account_id, region_name, **_
        ):
            properties = cloudformation_json.get("Properties", {})
            return cls(create(resource_name, properties, account_id, region_name), account_id, region_name)

        @classmethod
        def update_from_cloudformation_json(
            cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
        ):
            properties = cloudformation_json.get("Properties", {})
            if update is None:
                raise NotImplementedError(f"{name} can not be updated in the stand-in")
            update(original_resource.physical_resource_id, properties, account_id, region_name)
            return original_resource

        @classmethod
        def delete_from_cloudformation_json(
            cls, resource_name, cloudformation_json, account_id, region_name
        ):
            properties = cloudformation_json.get("Properties", {})
            if delete:
                delete(resource_name, properties, account_id, region_name)

        def delete(self, account_id, region_name):
            if delete:
                delete(self.physical_resource_id, {}, account_id, region_name)

    Resource.__name__ = name.replace("::", "")
    return Resource


def camel(value):
    """CloudFormation's names as the API's."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel(v) for key, v in value.items()}
    return [camel(v) for v in value] if isinstance(value, list) else value
