"""What a resource depends on is made before it, also where a reference asks for it out of turn."""

from moto.cloudformation.parsing import ResourceMap


def install():
    make = ResourceMap.__getitem__

    def make_in_order(self, key):
        if key not in self._parsed_resources:
            stated = (self._resource_json_map.get(key) or {}).get("DependsOn", [])
            for dependency in [stated] if isinstance(stated, str) else stated:
                self[dependency]
        return make(self, key)

    ResourceMap.__getitem__ = make_in_order
