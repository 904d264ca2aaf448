"""Stacks that are updated with parameters that they had by default, which moto answers with a 500."""

from moto.cloudformation.models import CloudFormationBackend


def install():
    CloudFormationBackend._resolve_update_parameters = resolved


def resolved(self, instance, incoming_params):
    stated = {
        p["ParameterKey"]: p["ParameterValue"]
        for p in incoming_params
        if "ParameterValue" in p
    }
    kept = {
        p["ParameterKey"]: instance.parameters[p["ParameterKey"]]
        for p in incoming_params
        if p.get("UsePreviousValue") and p["ParameterKey"] in instance.parameters
    }
    return {**stated, **kept}
